#!/usr/bin/env bash
# Changes the program of HEAD in many small ways, with gremlins, and lists the changes that no unit spec
# notices (LIVED). A person judges them: some change nothing that anybody sees.
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

# One failure is enough of a suite, and what the program takes is not measured in coverage's build. Gremlins
# passes over what Go's profile does not cover, and that has no conditions of a switch, so all lines are
# covered here: what no spec reaches is LIVED too.
cat >"$work/specs" <<'EOF'
#!/bin/sh
"$@" -ginkgo.fail-fast -ginkgo.skip-file=memory_linux_test || exit
for arg; do
  case $arg in
    -test.coverprofile=*) sed -Ei '/^mode:/!s/:[^:]+$/:1.1,9999.1 1 1/' "${arg#*=}" ;;
  esac
done
EOF
chmod +x "$work/specs"
GOFLAGS="$(go env GOFLAGS) -trimpath -vet=off -ldflags=-w -exec=$work/specs"
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
