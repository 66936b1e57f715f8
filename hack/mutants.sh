#!/usr/bin/env bash
# Changes the program of HEAD in many small ways, with gremlins, and lists the changes that no unit spec
# notices (LIVED) or reaches (NOT COVERED). A person judges them: some change nothing that anybody sees.
#
#   hack/mutants.sh          all of the program, which takes hours
#   hack/mutants.sh main     the lines that have changed since the branch left main
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

gremlins=$(go tool -modfile=hack/tools/go.mod -n gremlins)
options=(--invert-logical --invert-loopctrl --output-statuses lct)
[ $# -eq 0 ] || options+=(--diff "$(git merge-base HEAD "$1")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One failure is enough of a suite.
printf '#!/bin/sh\nexec "$@" -ginkgo.fail-fast\n' >"$work/until-failure"
chmod +x "$work/until-failure"
GOFLAGS="$(go env GOFLAGS) -trimpath -exec=$work/until-failure"
export GOFLAGS

clone() {
  git clone --quiet --shared . "$work/$1"
  cd "$work/$1"
  rm -rf integration hack responses
}

echo "mutants.sh: the lister"
(clone lister && rm -r cmd && "$gremlins" unleash "${options[@]}" .)

# Gremlins looks for the specs of a package main in a folder main. Where it shall run all specs, it finds
# those of the command, which are the only ones then.
echo "mutants.sh: the command"
(clone command && find lister -name '*_test.go' -delete &&
  "$gremlins" unleash "${options[@]}" --integration --exclude-files ^lister/ .)
