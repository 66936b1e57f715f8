#!/usr/bin/env bash
# Runs targets of the Makefile as a user who is not root and has no sudo, in a clone of HEAD. It makes
# this user, fails on what he leaves behind, and removes him.
#
#   hack/as-user.sh [TARGET...]      default: lint unit integration e2e
#
# Needs root, Debian and a Docker engine. What the targets would install is installed first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

targets=("$@")
[ $# -gt 0 ] || targets=(lint unit integration e2e)
user=dkr-ls-$$

say() { echo "as-user.sh: $*" >&2; }

[ "$(id -u)" -eq 0 ] || { say "error: not root, so no user can be made; try: sudo hack/as-user.sh"; exit 1; }
hack/apt.sh make git shellcheck bash zsh fish jq podman uidmap openssh-client openssh-server
read -r _ group <<<"$(hack/socket.sh)"
# Where no registry answers, images are made with mmdebstrap, which is for root.
hack/engine-image.sh >/dev/null
case " ${targets[*]} " in *" e2e "*) hack/image.sh >/dev/null ;; esac

# his prints the processes of the user and of his user namespace, one a line: PID COMMAND. Those that
# have ended, and that nobody has asked how, are not among them.
his() {
  ps -eo uid=,pid=,stat=,args= | awk -v own="$uid" -v first="$first" -v count="$count" \
    '($1 == own || ($1 >= first && $1 < first + count)) && $3 !~ /^Z/ { $1 = $3 = ""; print }'
}

home=$(mktemp -d)
uid=
cleanup() {
  if [ -n "$uid" ]; then his | while read -r pid _; do kill -KILL "$pid" || true; done; fi
  if id "$user" >/dev/null 2>&1; then userdel "$user"; fi
  rm -rf "$home"
}
trap cleanup EXIT
useradd --home-dir "$home" --groups "$group" --shell /bin/bash "$user"
IFS=: read -r _ first count <<<"$(grep "^$user:" /etc/subuid)"
uid=$(id -u "$user")

git clone --quiet --no-local . "$home/dkr-ls"
# As hard links, the modules and builds of root cost nothing. Their files stay root's, but for the
# entries of the build cache: they are small, and Go writes some of them again.
mkdir -p "$home/modules" "$home/.cache"
cp -al "$(go env GOMODCACHE)/cache/download/." "$home/modules" || say "the modules are downloaded anew"
if cp -al "$(go env GOCACHE)" "$home/.cache/go-build"; then
  (cd "$(go env GOCACHE)" && find . -name '*-a' -print0 | tar --create --null --files-from - --owner "$user") |
    tar --extract --unlink-first --directory "$home/.cache/go-build"
else
  say "everything is built anew"
fi
chown "$user" "$home"
chown -R "$user" "$home/dkr-ls"
find "$home/.cache" -type d -exec chown "$user" {} +

status=0
for target in "${targets[@]}"; do
  say "make $target, as $user"
  runuser --user "$user" -- env --ignore-environment HOME="$home" USER="$user" PATH="$PATH" LANG=C.UTF-8 CI="${CI:-}" \
    GOPROXY="file://$home/modules,$(go env GOPROXY)" GOSUMDB="$(go env GOSUMDB)" \
    make -C "$home/dkr-ls" "$target" || { say "failed: make $target"; status=1; }
done

left=$(his)
[ -z "$left" ] || { say "error: these processes are left: $left"; status=1; }
left=$(find /tmp /var/tmp /run /dev/shm -path "$home" -prune -o \
  \( -user "$uid" -o -uid +$((first - 1)) -uid -$((first + count)) \) -print 2>/dev/null || true)
[ -z "$left" ] || { say "error: these files are left: $left"; status=1; }
[ "$status" -eq 0 ]
