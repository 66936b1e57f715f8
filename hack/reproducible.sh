#!/usr/bin/env bash
# Builds HEAD twice, in two folders and with two empty caches, the way releases
# are built, and compares the binaries byte for byte.
#
#   hack/reproducible.sh            for this machine
#   hack/reproducible.sh --all      for all that are released
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1:-} in
  "") platforms=("$(go env GOOS)/$(go env GOARCH)") ;;
  --all) platforms=({linux,darwin,windows}/{amd64,arm64}) ;;
  *) echo "usage: hack/reproducible.sh [--all]" >&2 && exit 2 ;;
esac

modules=$(go env GOMODCACHE)/cache/download
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build NAME PLATFORM: a build in a clone, with caches and a home of its own.
build() {
  local name=$1 platform=$2
  # Modules that this machine has already are not downloaded again; go.sum holds
  # them to the same bytes wherever they come from.
  (
    cd "$work/$name/source"
    env HOME="$work/$name/home" GOFLAGS=-modcacherw \
      GOCACHE="$work/$name/cache" GOMODCACHE="$work/$name/modules" GOPROXY="file://$modules,$(go env GOPROXY)" \
      CGO_ENABLED=0 GOOS="${platform%/*}" GOARCH="${platform#*/}" \
      go build -trimpath -buildvcs=true -tags nethttpomithttp2 -ldflags '-s -w -funcalign=16' -o "$work/$name/${platform/\//-}" ./cmd/dkr-ls
  ) 2>"$work/log" || { cat "$work/log" >&2 && return 1; }
}

echo "building commit $(git rev-parse HEAD) twice, with $(go env GOVERSION)"
for name in first a/second/folder; do
  mkdir -p "$work/$name/home"
  git clone --quiet --no-local . "$work/$name/source"
done

failed=0
for platform in "${platforms[@]}"; do
  binary=${platform/\//-}
  for name in first a/second/folder; do
    build "$name" "$platform"
  done
  if cmp "$work/first/$binary" "$work/a/second/folder/$binary"; then
    echo "the same: $platform $(shasum -a 256 <"$work/first/$binary" | cut -c 1-64)"
  else
    echo "DIFFERENT: $platform"
    failed=1
  fi
done
exit "$failed"
