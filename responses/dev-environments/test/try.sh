#!/usr/bin/env bash
# Tries the whole system on a private cluster, and removes it: builds the programs and images that are missing, starts the cluster
# and runs the suite in it.
#
#   try.sh [-ginkgo.focus PATTERN | other flags of the suite]
set -euo pipefail
cd "$(dirname "$0")"
bin=$(cd ../../.. && pwd)/.cache/dev-environments/bin

cluster/tools.sh "$bin" >&2
cluster/sources.sh "$bin"
mapfile -t images < <(suite/images.sh)
[ ${#images[@]} -gt 0 ] || { echo "try.sh: error: no images; see above" >&2; exit 1; }
CGO_ENABLED=0 go build -trimpath -buildvcs=false -o "$bin/" ../cmd/devenv
CGO_ENABLED=0 go test -trimpath -buildvcs=false -c -o "$bin/suite.test" ./suite
echo "try.sh: all is built ($SECONDS s)" >&2

trap 'cluster/cluster.sh down' EXIT
cluster/cluster.sh up "${images[@]}"
cluster/cluster.sh run suite.test -ginkgo.v -test.timeout=60m "$@"
echo "try.sh: passed ($SECONDS s)" >&2
