#!/usr/bin/env bash
# Checks what the integration suite needs on this machine: Go and a Docker
# engine. The suite sets up everything else itself, and says so.
set -euo pipefail

say() { echo "test-setup.sh: $*" >&2; }
missing=0

if command -v go >/dev/null; then
  say "found $(go version)"
else
  say "error: Go is missing. Install it from https://go.dev/dl/"
  missing=1
fi

if ! command -v docker >/dev/null; then
  say "error: Docker is missing. Install it from https://docs.docker.com/engine/install/"
  missing=1
elif version=$(docker version --format '{{.Server.Version}}' 2>&1); then
  say "found Docker $version"
else
  say "error: no Docker engine answers: ${version##*$'\n'}"
  say "Start it, add yourself to the docker group, or set DOCKER_HOST to where it listens."
  missing=1
fi

exit "$missing"
