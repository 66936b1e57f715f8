#!/usr/bin/env bash
# Builds the container image from the Dockerfile.
#
#   hack/image.sh [NAME]      NAME: dkr-ls (default)
#
# GO_IMAGE names another image with Go to build with. Without it, that is the
# Dockerfile's; where no registry has that one, it is made here, from Debian's
# packages and this machine's Go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

name=${1:-dkr-ls}

say() { echo "image.sh: $*" >&2; }
present() { docker image inspect "$1" >/dev/null 2>&1; }

# make_go_image makes an image like golang: Debian, with this machine's Go and
# CA certificates, and prints its name.
make_go_image() {
  local image root=()
  image=dkr-ls-go:$(go env GOVERSION)
  if ! present "$image"; then
    hack/apt.sh mmdebstrap debian-archive-keyring
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    say "making $image, this takes about half a minute"
    # The hooks get the new system's directory as $1. Go goes in without its own tests.
    # shellcheck disable=SC2016
    ${root[@]+"${root[@]}"} env GOROOT="$(go env GOROOT)" mmdebstrap --quiet --variant=minbase \
      --customize-hook='mkdir "$1/usr/local/go" && tar -C "$GOROOT" -ch --exclude=./test --exclude=testdata --exclude="*_test.go" . |
        tar -C "$1/usr/local/go" -x' \
      --customize-hook='install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"' \
      trixie - |
      docker import \
        --change 'ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        --change 'ENV GOTOOLCHAIN=local' - "$image" >/dev/null
  fi
  echo "$image"
}

options=()
from='^\(FROM .* \)\(golang:.*\) AS go$'
go_image=${GO_IMAGE:-$(sed -n "s/$from/\2/p" Dockerfile)}
if [ -z "${GO_IMAGE:-}" ] && ! present "$go_image" && ! docker pull "$go_image" >&2; then
  say "$go_image cannot be had, so this machine's Go is used"
  go_image=$(make_go_image)
  # Without a registry, modules come from wherever this machine gets them.
  options+=(--network host --build-arg "GOPROXY=$(go env GOPROXY)" --build-arg "GOSUMDB=$(go env GOSUMDB)")
fi

# The group of the engine's socket, so that the image just runs on this machine.
read -r _ socket_gid <<<"$(hack/socket.sh || echo - 0)"

# An empty array is an unset variable to the bash of macOS, which is 3.2.
sed "s|$from|\1$go_image AS go|" Dockerfile |
  docker build --file - --force-rm --tag "$name" ${options[@]+"${options[@]}"} \
    --build-arg "VERSION=$(git describe --tags --always --dirty 2>/dev/null || true)" \
    --build-arg "COMMIT=$(git rev-parse --verify --quiet HEAD 2>/dev/null || true)" \
    --build-arg "SOCKET_GID=$socket_gid" .
