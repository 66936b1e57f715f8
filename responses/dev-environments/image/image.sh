#!/usr/bin/env bash
# The image of a base and packages. Its tag is a hash of all that goes in, so what was built once is not built again.
#
#   image.sh name  BASE [PACKAGE...]    its name
#   image.sh build BASE [PACKAGE...]    builds it here; BASE_IMAGE replaces the one in bases
#   image.sh push  BASE [PACKAGE...]    builds and pushes it, unless the registry has it
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

fail() { echo "image.sh: $1; try: $2" >&2; exit 1; }
[ $# -ge 2 ] || fail "no command and base" "image.sh build debian-13 jq"
command=$1 base=$2
shift 2

bases=$(sed 's/#.*//' "$here/bases" | awk 'NF == 2 { print $1 }')
image=$(awk -v name="$base" '$1 == name { print $2 }' "$here/bases")
[ -n "$image" ] || fail "unknown base image $base" "one of ${bases//$'\n'/, }"
for package; do
  [[ $package =~ ^[a-z0-9][a-z0-9+.-]*[a-z0-9+]$ ]] || fail "not a package's name: $package" "Debian's own, such as jq"
done
packages=$(printf '%s\n' "$@" | sort -u | xargs)

repository=$(sed -n 's/^  repository: //p' "$here/../chart/values.yaml")
hash=$(cd "$here" && { echo "$image $packages"; cat Dockerfile entrypoint sshd_config; } | sha256sum | cut -c 1-12)
name=${REPOSITORY:-$repository}:$base-$hash

build() {
  docker build --network "${NETWORK:-default}" --tag "$name" --build-arg "BASE_IMAGE=${BASE_IMAGE:-$image}" \
    --build-arg "PACKAGES=$packages" "$here" >&2
}
case $command in
  name) ;;
  build) build ;;
  push)
    if ! docker manifest inspect "$name" >/dev/null 2>&1; then
      build
      docker push --quiet "$name" >&2
    fi
    ;;
  *) fail "unknown command $command" "name, build or push" ;;
esac
echo "$name"
