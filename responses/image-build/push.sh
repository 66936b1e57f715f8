#!/usr/bin/env bash
# Pushes an image by its commit, and prints the name with the digest that the registry gave it: deploy that, nothing else.
#
#   push.sh IMAGE REPOSITORY [COMMIT]      for example: push.sh toolbox:built docker.io/example/toolbox
#
# With REGISTRY_USERNAME and REGISTRY_TOKEN it logs in for this push alone: an access token that may write this repository
# only, not the password. Without, Docker's own login is used. No sudo: the Docker group, or rootless.
set -euo pipefail

image=$1
repository=$2
commit=${3:-$(git rev-parse --short=12 HEAD)}
tag=$repository:git-$commit

if [ -n "${REGISTRY_TOKEN:-}" ]; then
  # A folder that goes: docker login keeps the token in a file. What the engine is stays: --host or a context's.
  DOCKER_HOST=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}')}
  DOCKER_CONFIG=$(mktemp -d)
  export DOCKER_CONFIG DOCKER_HOST
  trap 'rm -rf "$DOCKER_CONFIG"' EXIT
  docker login --username "$REGISTRY_USERNAME" --password-stdin "${repository%%/*}" <<<"$REGISTRY_TOKEN" >&2
fi
docker tag "$image" "$tag"
docker push "$tag" >&2
# What this push gave, not what another push to the same repository gave before.
# Docker leaves docker.io/ out of the names that it gives back.
digest=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$tag" | grep -F "${repository#docker.io/}@sha256:" | tail -n 1)
echo "$repository@${digest##*@}"
