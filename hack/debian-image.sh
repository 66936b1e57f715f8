#!/usr/bin/env bash
# Makes a container image of Debian's packages.
#
#   hack/debian-image.sh NAME SUITE PACKAGE,... [OPTION OF mmdebstrap...] [-- OPTION OF docker import...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

name=$1 suite=$2 packages=$3
shift 3
options=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  options+=("$1")
  shift
done
[ $# -eq 0 ] || shift

hack/apt.sh mmdebstrap debian-archive-keyring
root=()
[ "$(id -u)" -eq 0 ] || root=(sudo)

# The image gets its name when it is whole: under its name, half an image would break every later run.
if ! id=$(${root[@]+"${root[@]}"} mmdebstrap --quiet --variant=minbase ${options[@]+"${options[@]}"} --include="$packages" "$suite" - |
  docker import "$@" -); then
  [ -z "$id" ] || docker rmi "$id" >/dev/null
  echo "debian-image.sh: error: $name could not be made, see above" >&2
  exit 1
fi
docker tag "$id" "$name"
