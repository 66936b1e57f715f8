#!/usr/bin/env bash
# Prints the path of a program of a Debian or Ubuntu package, which it unpacks into .cache/ where it is not there yet.
#
#   responses/tools/debian.sh PACKAGE PROGRAM
#
# Unpacked and not installed: installing a server's package would also start the server.
set -euo pipefail

package=$1 name=$2
dir=$(cd "$(dirname "$0")/../.." && pwd)/.cache/debian/$package
program=$dir/usr/bin/$name

if [ ! -x "$program" ]; then
  mkdir -p "$(dirname "$dir")"
  scratch=$(mktemp -d "$dir.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  # As root, apt drops to its own user for downloads, which must be able to write here.
  chmod 755 "$scratch"
  download() { (cd "$scratch" && apt-get download -qq -o APT::Sandbox::User=root "$package") >&2; }
  download || { "${sudo[@]}" apt-get update -qq >&2 && download; }
  dpkg-deb -x "$scratch/$package"_*.deb "$scratch/root"
  # A move is atomic: two checks at once cannot see half a folder.
  mv -T "$scratch/root" "$dir" 2>/dev/null || [ -x "$program" ]
fi

echo "$program"
