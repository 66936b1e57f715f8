#!/usr/bin/env bash
# Builds and pushes the images: one of each base, and the platform's own programs. It prints the lines for `catalogue` in the
# platform's values. CI runs it every week and after changes.
#
#   image/push.sh REGISTRY [NAME...]    all, or these of bases and of devenv, sleep, record, sessions
#
# Sign in first: docker login REGISTRY. BUILD_ARGS are more arguments for docker build.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dev=$(dirname "$here")
registry=${1:?try: image/push.sh REGISTRY}
shift
day=$(date --utc +%F)
version=$(sed -n 's/^version: \([0-9.]*\).*/\1/p' "$dev/deploy/values.yaml")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# push NAME: pushes it, and prints it with its digest
push() {
  docker push --quiet "$1" >&2
  echo "$1@$(docker image inspect --format '{{join .RepoDigests "\n"}}' "$1" | sed -n "s|^${1%:*}@||p")"
}
wanted() { [ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " = *" $1 "* ]]; }
only=("$@")

while read -r name base; do
  wanted "$name" || continue
  # shellcheck disable=SC2086 # words
  docker build --pull --build-arg "BASE_IMAGE=$base" ${BUILD_ARGS-} --tag "$registry/environment:$name-$day" "$here" >&2
  echo "$name: $(push "$registry/environment:$name-$day")"
done < <(sed 's/#.*//; /^ *$/d' "$here/bases")

for program in devenv sleep record sessions; do
  wanted "$program" || continue
  CGO_ENABLED=0 go -C "$dev" build -trimpath -buildvcs=false -ldflags '-s -w' -o "$work/$program" "./cmd/$program"
  docker build --build-arg "CMD=$program" --file "$dev/cmd/Dockerfile" --tag "$registry/$program:$version" "$work" >&2
  name=$(push "$registry/$program:$version")
  [ "$program" != sessions ] || echo "sessions: $name"
done
