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

# One failure is enough of a suite, and what the program takes is not measured in coverage's build.
printf '#!/bin/sh\nexec "$@" -ginkgo.fail-fast -ginkgo.skip-file=memory_linux_test -ginkgo.skip-file=shape_test\n' >"$work/specs"
chmod +x "$work/specs"
GOFLAGS="$(go env GOFLAGS) -trimpath -exec=$work/specs"
export GOFLAGS

clone() {
  git clone --quiet --shared . "$work/$1"
  cd "$work/$1"
  rm -rf integration hack responses
}

echo "mutants.sh: the lister"
(clone lister && rm -r cmd && "$gremlins" unleash "${options[@]}" .)

# Gremlins looks for the specs of a package main in a folder main, finds none, and counts every mutant as
# killed. Told to run all specs, it runs those of the command, as there are no others.
echo "mutants.sh: the command"
(clone command && find lister -name '*_test.go' -delete &&
  "$gremlins" unleash "${options[@]}" --integration --exclude-files ^lister/ .)
