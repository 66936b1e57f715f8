#!/usr/bin/env bash
# Prints the name of an image with an engine in it, on the last line of stdout.
#
#   hack/engine-image.sh           the one that DKR_LS_ENGINE_IMAGE names; else one made from Debian's packages
#                                  that is here; else the official one; else, where no registry answers, trixie
#   hack/engine-image.sh ENGINE    makes this one, unless it is here:
#
#     trixie     Docker 26.1, from Debian 13's packages
#     bookworm   Docker 20.10, from Debian 12's packages
#     29         Docker 29, its dockerd built from hack/tools/dockerd/go.mod, in Debian 13
#     podman     Podman's Docker-compatible API, from Debian 13's packages
#
# To make it anew: docker rmi dkr-ls-engine:ENGINE
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

recipe=2 # counts the changes of this recipe: an image of an older one is made anew

say() { echo "engine-image.sh: $*" >&2; }
fail() { say "error: $*"; exit 1; }
present() { docker image inspect "$1" >/dev/null 2>&1; }

# choose prints the image to use where nobody asks for a certain engine.
choose() {
  local name official
  if [ -n "${DKR_LS_ENGINE_IMAGE:-}" ]; then
    present "$DKR_LS_ENGINE_IMAGE" || docker pull "$DKR_LS_ENGINE_IMAGE" >&2
    echo "$DKR_LS_ENGINE_IMAGE"
    return
  fi
  official=$(hack/pinned-image.sh docker-28)
  for name in dkr-ls-engine:trixie dkr-ls-engine:bookworm "$official"; do
    if present "$name"; then
      say "$name is here"
      echo "$name"
      return
    fi
  done
  say "no engine's image is here: pulling the official one"
  if docker pull "$official" >&2; then echo "$official"; else hack/engine-image.sh trixie; fi
}

command -v docker >/dev/null || fail "the docker command is missing: install Docker"
docker version >/dev/null || fail "no Docker engine answers"
if [ $# -eq 0 ]; then
  choose
  exit
fi

engine=$1
image=dkr-ls-engine:$engine
suite=trixie
packages=docker.io,iptables,ca-certificates
command='["dockerd"]'
volume=/var/lib/docker
options=()
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $engine in
  trixie) ;;
  bookworm) suite=bookworm ;;
  29)
    moby=$(go list -modfile=hack/tools/dockerd/go.mod -m -f '{{.Version}}' github.com/moby/moby/v2)
    recipe=$recipe-$moby
    options=(--customize-hook="copy-in $work/dockerd /usr/sbin")
    ;;
  podman)
    packages=podman,ca-certificates
    # Storage that needs nothing of the machine's kernel, and no systemd.
    command='["podman", "--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=none", "system", "service", "--time=0"]'
    volume=/var/lib/containers
    ;;
  *) fail "unknown engine $engine: use trixie, bookworm, 29 or podman" ;;
esac

label='{{index .Config.Labels "dkr-ls.engine.recipe"}}'
if [ "$(docker image inspect --format "$label" "$image" 2>/dev/null)" = "$recipe" ]; then
  say "$image is there already"
  echo "$image"
  exit
fi

say "making $image from Debian $suite's packages, which takes a minute"
if [ "$engine" = 29 ]; then
  say "building dockerd of moby $moby first, which takes some minutes"
  CGO_ENABLED=0 go build -modfile=hack/tools/dockerd/go.mod -trimpath -o "$work/dockerd" \
    -ldflags "-s -w -X github.com/moby/moby/v2/dockerversion.Version=29-moby-$moby" github.com/moby/moby/v2/cmd/dockerd
fi
hack/debian-image.sh "$image" "$suite" "$packages" ${options[@]+"${options[@]}"} -- \
  --change "CMD $command" --change "VOLUME $volume" --change "LABEL dkr-ls.engine.recipe=$recipe" >&2
echo "$image"
