#!/usr/bin/env bash
# The table in README.md is what an enumeration of lost nodes and split networks gives.
set -euo pipefail

cd "$(dirname "$0")/.."
go vet ./quorum-zones
out=$(go test ./quorum-zones 2>&1) || { echo "$out" >&2; exit 1; }
echo "ok: README.md shows which losses and which splits stop three, four and five nodes (go test)"
