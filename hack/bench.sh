#!/usr/bin/env bash
# Measures dkr-ls against `docker images` on a stand-in engine, and prints a table of ratios.
# hack/bench.sh [-images 8,10000] [-runs 5]. Needs Go and the docker client; writes nothing here.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$dir/dkr-ls" ./cmd/dkr-ls
go build -o "$dir/bench" ./hack/bench
"$dir/bench" -dkr-ls "$dir/dkr-ls" "$@"
