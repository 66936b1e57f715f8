#!/usr/bin/env bash
# Fuzzes what reads text from outside: hack/fuzz.sh [TIME], for so long each (default 20s). What it
# finds goes to the package's testdata/fuzz, and belongs into a commit.
set -euo pipefail
cd "$(dirname "$0")/.."

fuzz() { go test -run='^$' -fuzz="^$1\$" -fuzztime="$time" -fuzzminimizetime=1s "$2"; }

time=${1:-20s}
fuzz FuzzRun ./cmd/dkr-ls
fuzz FuzzTable ./lister/engine
fuzz FuzzScan ./lister/engine
fuzz FuzzReference ./lister
fuzz FuzzParseSize ./lister
