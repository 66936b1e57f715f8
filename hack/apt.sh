#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing, and never asks for a password.
#
#   hack/apt.sh PKG...
set -euo pipefail

say() { echo "apt.sh: $*" >&2; }

if [ $# -eq 0 ]; then
  say "usage: hack/apt.sh PKG..."
  exit 2
fi

# On a system without dpkg this finds all of them missing.
missing=()
for package in "$@"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  say "error: there is no apt-get here; install what these Debian packages hold: ${missing[*]}"
  exit 1
fi

root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    say "error: not root, and sudo wants a password or is missing; as root, run: apt-get install ${missing[*]}"
    exit 1
  fi
  root=(sudo)
fi

say "installing ${missing[*]}"
# Machines that have just started often install their updates: wait for them.
apt_get() { ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >&2; }
# A fresh machine has no package lists, and old lists name packages that are gone.
apt_get update
apt_get install -y --no-install-recommends "${missing[@]}"
