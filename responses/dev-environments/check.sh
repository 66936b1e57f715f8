#!/usr/bin/env bash
# Checks what needs no cluster: the Go programs with their unit specs, and each part's own check.
# What needs one is tried by test/try.sh.
set -euo pipefail
cd "$(dirname "$0")"

# As test/cluster/tools.sh builds: what Helm and these have in common is compiled once.
export CGO_ENABLED=0
flags="${GOFLAGS:-} -trimpath -buildvcs=false"
GOFLAGS=$flags go mod tidy -diff
GOFLAGS=$flags go vet ./...
command -v chromium google-chrome >/dev/null || ../../hack/apt.sh chromium
test/cluster/tools.sh "$PWD/../../.cache/dev-environments/bin" helm etcd kube-apiserver >&2 # for the specs with a real API server

# The specs wait more than they compute: meanwhile the parts are checked.
specs=$(mktemp)
GOFLAGS=$flags go test ./cmd/... ./environments/... ./page/... >"$specs" 2>&1 &
trap 'kill %1 2>/dev/null || true; rm -f "$specs"' EXIT
for check in */check.sh; do
  echo "-- ${check%/*}"
  "$check"
done
wait %1 || { cat "$specs" >&2; exit 1; }
echo "ok: Go: tidy, vet, unit specs, a real API server, the page in a browser"
