#!/usr/bin/env bash
# Runs the unit specs' Windows binaries under Wine, in a container. Wine is that of Debian 13: the one
# of Debian 12 starts no program of Go 1.26.
#
#   hack/windows.sh [test flags]      such as -ginkgo.focus=npipe
#
# The image with Wine stays: docker rmi dkr-ls-wine:trixie
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

image=dkr-ls-wine:trixie
packages=(./lister ./lister/endpoint ./lister/engine ./lister/format ./cmd/dkr-ls)

say() { echo "windows.sh: $*" >&2; }

command -v docker >/dev/null || { say "error: the docker command is missing: install Docker"; exit 1; }
if ! docker image inspect "$image" >/dev/null 2>&1; then
  hack/apt.sh mmdebstrap debian-archive-keyring
  root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  say "making $image, this takes about a minute"
  # A prefix that is there already spares each run the making of one.
  ${root[@]+"${root[@]}"} mmdebstrap --quiet --variant=minbase --architectures=amd64 --include=wine,wine64 trixie - |
    docker import --change 'ENV WINEDEBUG=-all WINEPREFIX=/wine XDG_RUNTIME_DIR=/tmp' --change 'LABEL dkr-ls.wine=trixie' - "$image" >/dev/null
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say "building the specs for Windows"
for package in "${packages[@]}"; do
  CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go test -c -o "$work/$(basename "$package").test.exe" "$package"
done
CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go build -o "$work/dkr-ls.exe" ./cmd/dkr-ls

container=$(docker create --network none --workdir /source "$image" bash -c '
  status=0
  for specs in lister lister/endpoint lister/engine lister/format cmd/dkr-ls; do
    echo "--- $specs"
    (cd "$specs" && wine "/specs/$(basename "$specs").test.exe" -test.timeout=5m -ginkgo.no-color "$@") || status=1
  done
  exit $status' windows.sh "$@")
trap 'docker rm --force "$container" >/dev/null; rm -rf "$work"' EXIT
docker cp "$work/." "$container:/specs"
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- -c | docker cp - "$container:/source"
docker start --attach "$container"
