#!/usr/bin/env bash
# Fills an engine with the examples' images, runs the six examples there, shows what they print, and
# cleans up. The engine runs in a container for this alone, so no image of this machine is touched.
#
#   hack/e2e.sh
#
# DKR_LS_ENGINE_IMAGE may name the engine's image, such as docker:27-dind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

engine=dkr-ls-e2e-$$
work=$(mktemp -d)
passed=0
failed=0

say() { echo "e2e: $*"; }

cleanup() {
  trap '' HUP INT TERM # a second Ctrl-C must not leave things behind
  docker rm --force --volumes "$engine" >/dev/null 2>&1 || true
  docker network rm "$engine" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# example STATUS COMMAND...: shows a command and what it prints, and holds it to its status.
example() {
  local wanted=$1 status=0
  shift
  echo
  echo "\$ $*"
  "$@" || status=$?
  if [ "$status" -eq "$wanted" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    say "FAILED with status $status, not $wanted" >&2
  fi
}

say "building dkr-ls"
go build -o "$work/" ./cmd/dkr-ls ./hack/seed
image=$(hack/engine-image.sh)
say "starting an engine from $image"
# The containerd store would show what an image takes on disk as its SIZE.
address=$(hack/engine-container.sh "$engine" "$image" '{"features": {"containerd-snapshotter": false}}')

(
  unset DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
  export DOCKER_HOST=$address PATH=$work:$PATH
  say "loading the eight images"
  seed | docker load

  example 0 dkr-ls repos
  example 0 dkr-ls tags
  example 2 dkr-ls repos --maxTags 3
  example 0 dkr-ls tags --prefix nginx --prefix debian
  example 0 dkr-ls tags --maxTags 1 --prefix nginx --prefix debian --sum=true
  example 0 dkr-ls tags --minAge 20 --minSize 100MB

  echo
  say "removing the images"
  docker image ls --quiet | xargs docker rmi --force
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
)
