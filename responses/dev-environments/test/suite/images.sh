#!/usr/bin/env bash
# Builds the images that the suite uses, and prints their names. What is there and unchanged is not built again.
#
#   suite/images.sh
#
# The base image is Debian from its packages, so no registry is needed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dev=$(cd "$here/../.." && pwd)
root=$(cd "$dev/../.." && pwd)
export DOCKER_BUILDKIT=0 # the classic builder needs no plugin
base='dev-environments-base:trixie'

say() { echo "images.sh: $*" >&2; }
present() { docker image inspect "$1" >/dev/null 2>&1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; say "error: $1 failed"; exit 1; }; }

if ! present "$base"; then
  say "making Debian trixie from its packages"
  "$root/hack/apt.sh" mmdebstrap debian-archive-keyring
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" mmdebstrap --quiet --variant=minbase --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io trixie - |
    docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8' - "$base" >/dev/null
fi

CGO_ENABLED=0 go -C "$dev" build -trimpath -buildvcs=false -o "$work/devenv" ./cmd/devenv
# The image without a package and with one: a launch asks for either.
for packages in "" jq; do
  name=$("$work/devenv" image name debian-13 ${packages:+"$packages"})
  if ! present "$name"; then
    say "building $name"
    quietly env BASE_IMAGE="$base" NETWORK=host "$work/devenv" image build debian-13 ${packages:+"$packages"}
  fi
  echo "$name"
done

for program in sessions sleep devenv; do
  name=registry.example.com/dev/$program:1.0.0
  CGO_ENABLED=0 go -C "$dev" build -trimpath -buildvcs=false -ldflags '-s -w' -o "$work/$program" "./cmd/$program"
  hash=$(cat "$work/$program" "$dev/cmd/Dockerfile" | sha256sum)
  if [ "$(docker image inspect --format '{{index .Config.Labels "source"}}' "$name" 2>/dev/null)" != "${hash%% *}" ]; then
    say "building $name"
    quietly docker build --tag "$name" --label "source=${hash%% *}" --build-arg "CMD=$program" --file "$dev/cmd/Dockerfile" "$work"
  fi
  echo "$name"
done
