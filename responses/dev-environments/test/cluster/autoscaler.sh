#!/usr/bin/env bash
# Builds the cluster-autoscaler, if it is missing: its kwok provider alone. Go's module proxy has it not.
#
#   [AUTOSCALER=REPOSITORY] autoscaler.sh BIN-DIR
#
# REPOSITORY is a clone of kubernetes/autoscaler with the release below. Without one it is fetched from GitHub; where that
# cannot be reached there is no autoscaler, and the suite skips its specs.
set -euo pipefail

tag=cluster-autoscaler-1.36.1
commit=35e8a280425c76a4040f57ae0fa232a952c02024
bin=$1

say() { echo "autoscaler: $*" >&2; }

if [ -x "$bin/cluster-autoscaler" ] && [ "$(cat "$bin/.cluster-autoscaler" 2>/dev/null)" = "$commit" ]; then
  exit 0
fi
rm -f "$bin/cluster-autoscaler"
started=$SECONDS
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT
git init --quiet "$source"
if ! git -C "$source" fetch --quiet --depth 1 "${AUTOSCALER:-https://github.com/kubernetes/autoscaler}" "refs/tags/$tag"; then
  if [ -n "${AUTOSCALER-}" ]; then
    say "error: AUTOSCALER=$AUTOSCALER has no $tag; try: git -C $AUTOSCALER fetch --tags"
    exit 1
  fi
  say "none, and its specs will be skipped: GitHub cannot be reached; try: AUTOSCALER=a clone of kubernetes/autoscaler with $tag"
  exit 0
fi
found=$(git -C "$source" rev-parse 'FETCH_HEAD^{commit}')
if [ "$found" != "$commit" ]; then
  say "error: $tag is $found and not $commit; try: another clone"
  exit 1
fi
git -C "$source" checkout --quiet "$commit"

CGO_ENABLED=0 GOFLAGS=-mod=readonly go -C "$source/cluster-autoscaler" build -tags kwok -trimpath -buildvcs=false \
  -ldflags '-s -w' -o "$bin/.new-cluster-autoscaler" .
mv "$bin/.new-cluster-autoscaler" "$bin/cluster-autoscaler"
echo "$commit" >"$bin/.cluster-autoscaler"
say "built in $((SECONDS - started)) s"
