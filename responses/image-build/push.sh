#!/usr/bin/env bash
# Pushes an image by its commit, and prints the name with the digest that the registry gave it: deploy that, nothing else.
#
#   push.sh IMAGE REPOSITORY [COMMIT]      for example: push.sh toolbox:built docker.io/example/toolbox
#
# Needs `docker login` before, with an access token that may write this repository only. No sudo: the Docker group, or rootless.
set -euo pipefail

image=$1
repository=$2
commit=${3:-$(git rev-parse --short=12 HEAD)}
tag=$repository:git-$commit

docker tag "$image" "$tag"
docker push "$tag" >&2
# What this push gave, not what another push to the same repository gave before.
docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$tag" | grep -F "$repository@sha256:" | tail -n 1
