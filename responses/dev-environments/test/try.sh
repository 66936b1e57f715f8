#!/usr/bin/env bash
# Tries the whole system on a private cluster, and removes it: builds the tools and images that are missing, starts the
# machine and runs the suite in it.
#
#   try.sh [-ginkgo.focus PATTERN | other flags of the suite]
set -euo pipefail
cd "$(dirname "$0")"
bin=$(cd ../../.. && pwd)/.cache/dev-environments/bin
cluster=cluster/cluster.sh

say() { echo "try.sh: $* ($SECONDS s)" >&2; }

"$cluster" tools
cluster/autoscaler.sh "$bin"
say "the cluster's tools are there"
mapfile -t images < <(suite/images.sh)
[ ${#images[@]} -gt 0 ] || { say "error: no images; see above"; exit 1; }
say "the images are there: ${images[*]}"
CGO_ENABLED=0 go build -trimpath -buildvcs=false -o "$bin/" ../cmd/devenv ../cmd/record
CGO_ENABLED=0 go test -trimpath -buildvcs=false -c -o "$bin/suite.test" ./suite
say "the suite is built"

trap '"$cluster" down; say "removed the machine"' EXIT
"$cluster" up
"$cluster" load "${images[@]}"
"$cluster" run suite.test -ginkgo.v -test.timeout=60m "$@"
say "passed"
