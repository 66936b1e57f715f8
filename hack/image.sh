#!/usr/bin/env bash
# Builds the container image dkr-ls from the Dockerfile. Where no registry has the Dockerfile's image with
# Go, one is made here, from Debian's packages and this machine's Go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "image.sh: $*" >&2; }
present() { docker image inspect "$1" >/dev/null 2>&1; }

from='^\(FROM .* \)\(golang:.*\) AS go$'
go_image=$(sed -n "s/$from/\2/p" Dockerfile)
options=()
if ! present "$go_image" && ! docker pull "$go_image" >&2; then
  go_image=dkr-ls-go:$(go env GOVERSION)
  say "so this machine's Go is used, in $go_image"
  if ! present "$go_image"; then
    # The hooks get the new system's folder as $1. Go goes in without its own tests.
    # shellcheck disable=SC2016
    GOROOT=$(go env GOROOT) hack/debian-image.sh "$go_image" trixie ca-certificates \
      --customize-hook='mkdir "$1/usr/local/go" && tar -C "$GOROOT" -ch --exclude=./test --exclude=testdata --exclude="*_test.go" . |
        tar -C "$1/usr/local/go" -x' \
      --customize-hook='cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs"' \
      -- --change 'ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin GOTOOLCHAIN=local'
  fi
  # Without a registry, modules come from wherever this machine gets them.
  options+=(--network host --build-arg "GOPROXY=$(go env GOPROXY)" --build-arg "GOSUMDB=$(go env GOSUMDB)")
fi

# An empty array is an unset variable to the bash of macOS, which is 3.2.
sed "s|$from|\1$go_image AS go|" Dockerfile |
  docker build --file - --force-rm --tag dkr-ls ${options[@]+"${options[@]}"} \
    --build-arg "CREATED=$(git log -1 --format=%cI 2>/dev/null || true)" \
    --build-arg "VERSION=$(git describe --tags --always --dirty 2>/dev/null || true)" \
    --build-arg "COMMIT=$(git rev-parse --verify --quiet HEAD 2>/dev/null || true)" .
