#!/usr/bin/env bash
# Makes an image with a Docker engine in it, from Debian's packages: for
# machines that cannot pull the official docker:dind.
#
#   hack/engine-image.sh [SUITE]      SUITE: trixie (default) or bookworm
#
# The last line of stdout is the image's name; progress goes to stderr. An image
# that is there already is kept. To make it anew: docker rmi dkr-ls-engine:SUITE
set -euo pipefail

suite=${1:-trixie}
image=dkr-ls-engine:$suite
# Counts the changes of this recipe: an image of an older one is made anew.
recipe=1

say() { echo "engine-image.sh: $*" >&2; }
fail() { say "error: $*"; exit 1; }

case $suite in
  trixie | bookworm) ;;
  *) fail "unknown suite $suite: use trixie or bookworm" ;;
esac
command -v docker >/dev/null || fail "the docker command is missing: install Docker"
docker version >/dev/null || fail "no Docker engine answers"

label='{{index .Config.Labels "dkr-ls.engine.recipe"}}'
if [ "$(docker image inspect --format "$label" "$image" 2>/dev/null)" = "$recipe" ]; then
  say "$image is there already"
  echo "$image"
  exit 0
fi

"$(dirname "${BASH_SOURCE[0]}")/apt.sh" mmdebstrap debian-archive-keyring ||
  fail "without these packages, name an image with an engine in it instead: DKR_LS_ENGINE_IMAGE=docker:28-dind"

root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "not root, and there is no sudo: run this script as root"
  root=(sudo)
fi

# Imported without a name, so that what a failed run leaves is never taken for
# the image.
say "making $image from Debian $suite's packages, this takes about half a minute"
id_file=$(mktemp)
trap 'rm -f "$id_file"' EXIT
if ! "${root[@]}" mmdebstrap --quiet --variant=minbase \
  --include=docker.io,iptables,ca-certificates "$suite" - |
  docker import \
    --change 'CMD ["dockerd"]' \
    --change 'VOLUME /var/lib/docker' \
    --change "LABEL dkr-ls.engine=$suite dkr-ls.engine.recipe=$recipe" \
    - >"$id_file"; then
  if [ -s "$id_file" ]; then docker rmi "$(cat "$id_file")" >&2; fi
  fail "the image could not be made, see the messages above"
fi
docker tag "$(cat "$id_file")" "$image"
echo "$image"
