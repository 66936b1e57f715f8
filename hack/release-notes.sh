#!/usr/bin/env bash
# Prints what CHANGELOG.md says of a version: the text of its release.
#
#   hack/release-notes.sh v1.2.3
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=${1#v}
notes=$(awk -v heading="## [$version]" '/^## / { found = index($0, heading) == 1; next } /^\[.*\]: / { exit } found' CHANGELOG.md)
if [ -z "$notes" ]; then
  echo "release-notes.sh: CHANGELOG.md has no version $version: give Unreleased its number and date" >&2
  exit 1
fi
echo "$notes"
