#!/usr/bin/env bash
# Prints a file of a repository on GitHub, or of a clone DIR/NAME of it:
#
#   [CLONES=DIR] github.sh OWNER/NAME REVISION PATH
set -euo pipefail
if [ -n "${CLONES-}" ]; then
  git -C "$CLONES/${1#*/}" show "$2:$3"
else
  curl -fsSL --max-time 20 "https://raw.githubusercontent.com/$1/$2/$3"
fi
