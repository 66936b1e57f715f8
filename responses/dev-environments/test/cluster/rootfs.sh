#!/usr/bin/env bash
# Makes the machine's root file system from Debian's packages. As root.
#
#   rootfs.sh DIRECTORY
set -euo pipefail

packages=(
  # the node
  containerd runc containernetworking-plugins catatonit iptables nftables ipset conntrack kmod
  # what the suite starts
  prometheus prometheus-alertmanager postgresql bind9
  # what it asks with
  bind9-dnsutils curl openssh-client
  # the shell's
  ca-certificates iproute2 openssl procps
)
if [ -d "$1" ] && [ "$(cat "$1/etc/machine-packages")" = "${packages[*]}" ]; then
  exit 0
fi

"$(dirname "$0")/../../../../hack/apt.sh" mmdebstrap debian-archive-keyring
rm -rf "$1" "$1.new"
started=$SECONDS
mmdebstrap --quiet --variant=minbase --include="${packages[*]}" --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt=path-exclude=/usr/share/doc/* --dpkgopt=path-exclude=/usr/share/man/* \
  trixie "$1.new"
echo "${packages[*]}" >"$1.new/etc/machine-packages"
mv "$1.new" "$1"
echo "rootfs: made in $((SECONDS - started)) s"
