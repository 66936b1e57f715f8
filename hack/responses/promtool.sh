#!/usr/bin/env bash
# Runs promtool (checks and unit tests of Prometheus rules), whatever its arguments are.
#
#   hack/responses/promtool.sh check rules FILE...
#   hack/responses/promtool.sh test rules FILE...
#
# It comes from Debian's or Ubuntu's `prometheus` package, unpacked into .cache/ and not installed:
# installing would also start a Prometheus server.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$root/.cache/promtool
promtool=$dir/usr/bin/promtool

if [ ! -x "$promtool" ]; then
  for tool in apt-get dpkg-deb; do
    command -v "$tool" >/dev/null || { echo "promtool: needs $tool (Debian or Ubuntu) to fetch the prometheus package" >&2; exit 1; }
  done
  mkdir -p "$root/.cache"
  scratch=$(mktemp -d "$root/.cache/promtool.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  # As root, apt drops to its own user for downloads, which must be able to write here.
  chmod 755 "$scratch"
  download() { (cd "$scratch" && apt-get download -qq -o APT::Sandbox::User=root prometheus) >&2; }
  download || { "${sudo[@]}" apt-get update -qq >&2 && download; }
  dpkg-deb -x "$scratch"/prometheus_*.deb "$scratch/root"
  mv -T "$scratch/root" "$dir" 2>/dev/null || [ -x "$promtool" ]
  rm -rf "$scratch"
fi

exec "$promtool" "$@"
