#!/usr/bin/env bash
# Pushes an image by its commit, and prints the name with the digest that the registry gave it: deploy that, nothing else.
#
#   push.sh IMAGE REPOSITORY [COMMIT]      for example: push.sh toolbox:built docker.io/example/toolbox
#
# Log in first: docker login --username USER, with an access token that may write this repository only.
set -euo pipefail

image=$1
repository=$2
commit=${3:-$(git rev-parse --short=12 HEAD)}
tag=$repository:git-$commit

docker tag "$image" "$tag"
docker push "$tag" >&2
# What this push gave, not what another push to the same repository gave before. Docker leaves docker.io/ out of the names.
digest=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$tag" | grep -F "${repository#docker.io/}@sha256:" | tail -n 1)
echo "$repository@${digest##*@}"
