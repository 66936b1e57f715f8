#!/usr/bin/env bash
# Checks what needs no cluster: each part's own check, and the Go programs with their unit specs.
# What needs one is tried by try.sh (`make dev-environments`).
set -euo pipefail
cd "$(dirname "$0")"

go mod tidy -diff
go vet ./...
go test ./cmd/... ./environments/... ./memory/...
echo "ok: Go: tidy, vet, unit specs"

for check in */check.sh; do
  echo "-- ${check%/*}"
  "$check"
done
