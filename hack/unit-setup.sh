#!/usr/bin/env bash
# Installs what the unit specs can use beside Go: the shells that completion is tried in. Where it
# cannot, the specs say which shells they leave out; in CI, on Linux, they fail.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "unit-setup.sh: no apt-get here, so completion is tried in those shells that are there" >&2
elif [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
  echo "unit-setup.sh: not root, so completion is tried in those shells that are there" >&2
else
  "$(dirname "${BASH_SOURCE[0]}")/apt.sh" bash zsh fish
fi
