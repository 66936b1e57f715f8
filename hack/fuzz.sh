#!/usr/bin/env bash
# Runs each fuzz target of the program for so long: hack/fuzz.sh [TIME] (default 20s). What it finds goes
# to the package's testdata/fuzz, and belongs in a commit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

targets=$(git grep -oE '^func Fuzz\w+' -- 'cmd/*_test.go' 'lister/*_test.go')
while IFS=: read -r file target; do
  go test -run='^$' -fuzz="^${target#func }\$" -fuzztime="${1:-20s}" -fuzzminimizetime=1s "./$(dirname "$file")"
done <<<"$targets"
