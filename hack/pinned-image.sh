#!/usr/bin/env bash
# Prints an image of a registry with its digest, as hack/images/compose.yaml has it:
#
#   hack/pinned-image.sh docker-29
#
# Without a name it prints the names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/images"

if [ $# -eq 0 ]; then
  sed -n 's/^  \([a-z0-9.-]*\):$/\1/p' compose.yaml
  exit
fi
image=$(awk -v name="  $1:" '$0 == name { found = 1; next } found { print $2; exit }' compose.yaml)
if [ -z "$image" ]; then
  echo "pinned-image.sh: hack/images/compose.yaml has no image $1" >&2
  exit 1
fi
echo "$image"
