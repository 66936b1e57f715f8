#!/usr/bin/env bash
# Measures dkr-ls against `docker images` on a real engine that has 300 small images, and prints a
# table of ratios. hack/bench-real.sh [RELEASE] [-runs 9]; RELEASE is one of hack/engine-image.sh
# (default: 29). Needs Go and a Docker engine; leaves nothing behind but the engine's image.
set -euo pipefail
cd "$(dirname "$0")/.."

release=29
case ${1:-} in '' | -*) ;; *) release=$1 && shift ;; esac
image=$(hack/engine-image.sh "$release" | tail -n 1)
container=dkr-ls-bench-$$
dir=$(mktemp -d)

clean() {
  docker rm --force --volumes "$container" >/dev/null 2>&1 || true
  docker network rm "$container" >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap clean EXIT

CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$dir/dkr-ls" ./cmd/dkr-ls
go build -o "$dir/bench" ./hack/bench
go build -o "$dir/seed" ./hack/seed

hack/engine-container.sh "$container" "$image"
docker start "$container" >/dev/null
host=tcp://$(docker port "$container" 2375/tcp | head -n 1)

"$dir/bench" -host "$host" await
"$dir/seed" --many 300 | docker --host "$host" load >/dev/null
docker --host "$host" version --format 'Docker {{.Server.Version}}, 300 images' | tee /dev/stderr >/dev/null
"$dir/bench" -dkr-ls "$dir/dkr-ls" -host "$host" "$@"
