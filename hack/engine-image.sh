#!/usr/bin/env bash
# Makes an image with an engine in it, for machines that cannot pull the
# official docker:dind.
#
#   hack/engine-image.sh [ENGINE]
#
# ENGINE is one of
#   trixie     Docker 26.1, from Debian 13's packages (default)
#   bookworm   Docker 20.10, from Debian 12's packages
#   29         Docker 29, its dockerd built from hack/tools/dockerd/go.mod, in Debian 13
#   podman     Podman's Docker-compatible API, from Debian 13's packages
#
# The last line of stdout is the image's name; progress goes to stderr. An image
# that is there already is kept. To make it anew: docker rmi dkr-ls-engine:ENGINE
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

engine=${1:-trixie}
image=dkr-ls-engine:$engine
# Counts the changes of this recipe: an image of an older one is made anew.
recipe=1
suite=trixie
packages=docker.io,iptables,ca-certificates
command='["dockerd"]'
volume=/var/lib/docker
takes="half a minute"
options=()

say() { echo "engine-image.sh: $*" >&2; }
fail() { say "error: $*"; exit 1; }

# dockerd_version prints the release of Docker that a version of its module is.
dockerd_version() {
  case $1 in
    v2.0.0-beta.24) echo 29.9.3 ;;
    *) fail "hack/tools/dockerd/go.mod has $1 of moby: say here which Docker that is" ;;
  esac
}

case $engine in
  trixie) ;;
  bookworm) suite=bookworm ;;
  29)
    command -v go >/dev/null || fail "the go command is missing: https://go.dev/dl/"
    module=$(go list -modfile=hack/tools/dockerd/go.mod -m -f '{{.Version}}' github.com/moby/moby/v2)
    version=$(dockerd_version "$module")
    recipe=$recipe-$module
    takes="three minutes"
    ;;
  podman)
    packages=podman,ca-certificates
    # Storage that needs nothing of the machine's kernel, and no systemd.
    command='["podman", "--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=none", "system", "service", "--time=0"]'
    volume=/var/lib/containers
    ;;
  *) fail "unknown engine $engine: use trixie, bookworm, 29 or podman" ;;
esac
command -v docker >/dev/null || fail "the docker command is missing: install Docker"
docker version >/dev/null || fail "no Docker engine answers"

label='{{index .Config.Labels "dkr-ls.engine.recipe"}}'
if [ "$(docker image inspect --format "$label" "$image" 2>/dev/null)" = "$recipe" ]; then
  say "$image is there already"
  echo "$image"
  exit 0
fi

hack/apt.sh mmdebstrap debian-archive-keyring ||
  fail "without these packages, name an image with an engine in it instead: DKR_LS_ENGINE_IMAGE=docker:28-dind"

root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "not root, and there is no sudo: run this script as root"
  root=(sudo)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say "making $image from Debian $suite's packages, this takes about $takes"
if [ "$engine" = 29 ]; then
  CGO_ENABLED=0 go build -modfile=hack/tools/dockerd/go.mod -trimpath -o "$work/dockerd" \
    -ldflags "-s -w -X github.com/moby/moby/v2/dockerversion.Version=$version" github.com/moby/moby/v2/cmd/dockerd
  options+=(--customize-hook="copy-in $work/dockerd /usr/sbin")
fi

# Imported without a name, so that what a failed run leaves is never taken for
# the image.
if ! ${root[@]+"${root[@]}"} mmdebstrap --quiet --variant=minbase ${options[@]+"${options[@]}"} --include="$packages" "$suite" - |
  docker import \
    --change "CMD $command" \
    --change "VOLUME $volume" \
    --change "LABEL dkr-ls.engine=$engine dkr-ls.engine.recipe=$recipe" \
    - >"$work/id"; then
  if [ -s "$work/id" ]; then docker rmi "$(cat "$work/id")" >&2; fi
  fail "the image could not be made, see the messages above"
fi
docker tag "$(cat "$work/id")" "$image"
echo "$image"
