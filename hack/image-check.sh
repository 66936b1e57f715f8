#!/usr/bin/env bash
# Runs the container image against the current engine and looks at what is in
# it. All that it does to the engine's images is to list them.
#
#   hack/image-check.sh            builds an image for this and removes it again
#   hack/image-check.sh dkr-ls     checks the image of this name
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

image=${1:-dkr-ls-check-$$}
max_size=12000000 # bytes
nobody=12345:12345
passed=0
failed=0

say() { echo "image-check: $*"; }

# --- the image ----------------------------------------------------------------

# made prints what a build may leave besides its image: the image with Go that
# hack/image.sh makes, and the legacy builder's stages, which have no name.
made() {
  {
    docker image ls --quiet dkr-ls-go
    docker image ls --quiet --filter label=dkr-ls.stage --filter dangling=true
  } | sort -u
}

build() {
  made >"$work/made.before"
  say "building the image"
  if ! hack/image.sh "$image" >"$work/build.log" 2>&1; then
    cat "$work/build.log" >&2
    say "error: the image could not be built, see above" >&2
    exit 1
  fi
}

# remove_made tries again for a while, since after Ctrl-C the legacy builder still
# ends the step that it is in.
remove_made() {
  local deadline=$((SECONDS + 30)) left
  while left=$(docker image ls --format "{{.Repository}}" "$image" && made | comm -13 "$work/made.before" -) && [ -n "$left" ]; do
    xargs docker rmi <<<"$left" >/dev/null 2>&1 || sleep 1
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "these images could not be removed: ${left//$'\n'/ }" >&2
      return
    fi
  done
}

cleanup() {
  trap '' HUP INT TERM # a second Ctrl-C must not leave things behind
  if [ -e "$work/made.before" ]; then
    remove_made
  fi
  rm -rf "$work"
}

# --- checks -------------------------------------------------------------------

check() { # WHAT ACTUAL WANTED
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
    say "ok: $1: ${2:-nothing}"
  else
    failed=$((failed + 1))
    say "FAILED: $1 is '$2', not '$3'"
  fi
}

config() { docker image inspect --format "$1" "$image"; }

# files prints the files in the image's layers.
files() {
  docker save "$image" | tar -x -C "$work/saved"
  # Archives only: what else is in there describes them.
  find "$work/saved" -type f -exec tar -tf {} ';' 2>/dev/null | grep -v '/$' | sort -u | paste -s -d ' ' -
}

# try shows a command and what it prints, and keeps both streams and the status.
try() {
  local status=0
  echo
  echo "\$ $*"
  "$@" >"$work/stdout" 2>"$work/stderr" || status=$?
  cat "$work/stdout"
  cat "$work/stderr" >&2
  echo "$status" >"$work/status"
}

# lists_images checks a command that has to list all images: those that are there
# before it and after it, since somebody else may change them meanwhile.
lists_images() {
  docker image ls --quiet | sort -u >"$work/before"
  try "$@"
  docker image ls --quiet | sort -u >"$work/after"
  comm -12 "$work/before" "$work/after" >"$work/wanted"
  grep -oE ' [0-9a-f]{12} ' "$work/stdout" | tr -d ' ' | sort -u >"$work/listed"
  check "exit status" "$(cat "$work/status")" 0
  check "stderr" "$(cat "$work/stderr")" ""
  check "images that are not listed" "$(comm -23 "$work/wanted" "$work/listed")" ""
}

# --- all of it ----------------------------------------------------------------

work=$(mktemp -d)
mkdir "$work/saved"
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

where=$(hack/socket.sh)
read -r socket gid <<<"$where"
if [ $# -eq 0 ]; then
  build
fi

lists_images docker run --rm -v "$socket:/var/run/docker.sock" "$image" tags
lists_images docker run --rm -v "$socket:/var/run/docker.sock" \
  --read-only --cap-drop ALL --security-opt no-new-privileges --network none "$image" tags
lists_images docker run --rm -v "$socket:/var/run/docker.sock" \
  --user "$nobody" --group-add "$gid" "$image" tags

# Without the group the socket is closed, or the run above shows nothing.
try docker run --rm -v "$socket:/var/run/docker.sock" --user "$nobody" "$image" tags
check "exit status without the socket's group" "$(cat "$work/status")" 1

echo
check "user and group" "$(config '{{.Config.User}}')" "65534:$gid"
check "entrypoint" "$(config '{{json .Config.Entrypoint}}')" '["/dkr-ls"]'
check "title" "$(config '{{index .Config.Labels "org.opencontainers.image.title"}}')" dkr-ls
version=$(config '{{index .Config.Labels "org.opencontainers.image.version"}}')
revision=$(config '{{index .Config.Labels "org.opencontainers.image.revision"}}')
check "version" "$(docker run --rm "$image" version | cut -d , -f 1)" "dkr-ls $version (commit ${revision:0:12}"
check "files" "$(files)" "dkr-ls etc/ssl/certs/ca-certificates.crt"
size=$(config '{{.Size}}')
check "under $max_size bytes, at $size" "$((size < max_size))" 1

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
