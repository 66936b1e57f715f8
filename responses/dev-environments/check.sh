#!/usr/bin/env bash
# Checks what needs no cluster: each part's own check, and the Go programs with their unit specs.
# What needs one is tried by try.sh (`responses/dev-environments/test/try.sh`).
set -euo pipefail
cd "$(dirname "$0")"

# As test/cluster/tools.sh builds: what Helm and these have in common is compiled once.
go() { CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -trimpath -buildvcs=false" command go "$@"; }
go mod tidy -diff
go vet ./...
command -v chromium google-chrome >/dev/null || ../../hack/apt.sh chromium
test/cluster/tools.sh "$PWD/../../.cache/dev-environments/bin" helm etcd kube-apiserver >&2 # for the specs with a real API server
go test ./cmd/... ./environments/... ./page/...
echo "ok: Go: tidy, vet, unit specs, a real API server, the page in a browser"

for check in */check.sh; do
  echo "-- ${check%/*}"
  "$check"
done
