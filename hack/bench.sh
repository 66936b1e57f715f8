#!/usr/bin/env bash
# Measures dkr-ls against `docker images`, on stand-in engines and on a real Docker 29 with 300 small
# images, and prints two tables of ratios. Needs Go and a Docker engine.
#
#   hack/bench.sh [-images 8,10000] [-runs 5]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

engine=dkr-ls-bench-$$
work=$(mktemp -d)
cleanup() {
  docker rm --force --volumes "$engine" >/dev/null 2>&1 || true
  docker network rm "$engine" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

CGO_ENABLED=0 go build -trimpath -tags nethttpomithttp2 -ldflags '-s -w -funcalign=16' -o "$work/" ./cmd/dkr-ls
go build -o "$work/" ./hack/bench ./hack/seed
"$work/bench" -dkr-ls "$work/dkr-ls" "$@"

image=$(hack/engine-image.sh 29)
address=$(hack/engine-container.sh "$engine" "$image")
"$work/seed" --many 300 | docker --host "$address" load >/dev/null
echo
docker --host "$address" version --format 'Docker {{.Server.Version}}, 300 images:'
"$work/bench" -dkr-ls "$work/dkr-ls" -host "$address" "$@"
