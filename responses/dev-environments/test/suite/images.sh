#!/usr/bin/env bash
# Builds the machine, and the images that the suite has it run: it prints their names. What is there and unchanged is not built again.
#
#   suite/images.sh
#
# The base image is Debian from its packages, so no registry is needed. A stand-in for micromamba installs a jq that says so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dev=$(cd "$here/../.." && pwd)
root=$(cd "$dev/../.." && pwd)
export DOCKER_BUILDKIT=0 # the classic builder needs no plugin
base='dev-environments-base:trixie'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { echo "images.sh: $*" >&2; }
# image NAME FILES... -- BUILD...: builds it unless what it is made of is the same as the last time.
image() {
  local name=$1 files=() hash
  shift
  while [ "$1" != -- ]; do files+=("$1"); shift; done
  shift
  echo "$name"
  hash=$(cat "${files[@]}" | sha256sum)
  [ "$(docker image inspect --format '{{index .Config.Labels "source"}}' "$name" 2>/dev/null)" != "${hash%% *}" ] || return 0
  say "building $name"
  docker build --tag "$name" --label "source=${hash%% *}" "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; say "error: docker build failed"; exit 1; }
}

if ! docker image inspect "$base" >/dev/null 2>&1; then
  say "making Debian trixie from its packages"
  "$root/hack/apt.sh" mmdebstrap debian-archive-keyring
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" mmdebstrap --quiet --variant=minbase --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io trixie - |
    docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8' - "$base" >/dev/null
fi
mkdir -p "$work/tools/bin"
printf '#!/bin/sh\necho no uv here; exit 1\n' >"$work/tools/uv"
cat >"$work/tools/bin/micromamba" <<'SCRIPT'
#!/bin/sh
case "$*" in *no-such-package*) echo "no such package" >&2; exit 1 ;; esac
mkdir -p "$HOME/.packages/bin" && printf '#!/bin/sh\necho "of conda-forge: %s"\n' "${*##*conda-forge }" >"$HOME/.packages/bin/packages" && chmod +x "$HOME/.packages/bin/packages"
SCRIPT
chmod -R a+rx "$work/tools"
tar -C "$work/tools" --mtime=@0 --sort=name --owner=0 --group=0 -cf "$work/tools.tar" .
docker import "$work/tools.tar" dev-environments-tools:trial >/dev/null

image registry.example.com/dev/environment:debian-13-trial "$dev"/image/{Dockerfile,entrypoint,sshd_config} "$work/tools.tar" -- --network host \
  --build-arg "BASE_IMAGE=$base" --build-arg UV_IMAGE=dev-environments-tools:trial --build-arg MICROMAMBA_IMAGE=dev-environments-tools:trial "$dev/image"
for program in sessions sleep devenv; do
  CGO_ENABLED=0 go -C "$dev" build -trimpath -buildvcs=false -ldflags '-s -w' -o "$work/$program" "./cmd/$program"
  image "registry.example.com/dev/$program:1.0.0" "$work/$program" "$dev/cmd/Dockerfile" -- --build-arg "CMD=$program" --file "$dev/cmd/Dockerfile" "$work"
done

image dev-environments:machine "$dev/test/cluster/Dockerfile" -- --network host --build-arg "BASE_IMAGE=$base" "$dev/test/cluster" >&2
# What keeps a pod's namespaces open: one static program.
docker run --rm --entrypoint tar dev-environments:machine -C /usr/bin -c catatonit |
  docker import --change 'ENTRYPOINT ["/catatonit", "-P"]' --change 'USER 65535' - machine.test/pause:1 >/dev/null
echo machine.test/pause:1
