#!/usr/bin/env bash
# Builds the programs that Go's module proxy does not have: the cluster-autoscaler with its kwok provider, and a CSI driver with snapshots.
#
#   [CLONES=DIR] sources.sh BIN-DIR
#
# They come from GitHub, or from clones DIR/autoscaler and so on. Where there is neither, the specs that want one skip, and say so.
set -euo pipefail
bin=$(cd "$1" && pwd) # go builds from other folders
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT

while read -r program repository commit package; do
  [ "$(cat "$bin/.$program" 2>/dev/null)" != "$commit" ] || continue
  rm -rf "$source/code"
  git init --quiet "$source/code"
  if ! git -C "$source/code" fetch --quiet --depth 1 "${CLONES:-https://github.com/${repository%/*}}/${repository#*/}" "$commit" 2>"$source/log"; then
    echo "sources: no $program: $(tail -n 1 "$source/log"); try: CLONES=DIR, with a clone of $repository" >&2
    continue
  fi
  git -C "$source/code" checkout --quiet FETCH_HEAD
  [ "$program" != csi-snapshotter ] || cp "$source"/code/client/config/crd/snapshot.storage.k8s.io_volumesnapshot{s,contents,classes}.yaml "$bin"
  CGO_ENABLED=0 GOFLAGS=-buildvcs=false go -C "$source/code/${package%%:*}" build -tags kwok -trimpath -ldflags '-s -w -X main.version=suite' -o "$bin/$program" "${package#*:}" </dev/null
  echo "$commit" >"$bin/.$program"
  echo "sources: $program built after $SECONDS s" >&2
done <<'PROGRAMS'
csi-hostpath         kubernetes-csi/csi-driver-host-path   cc78ee78ae23908c9e0607df2fe09c7ecfa52597 .:./cmd/hostpathplugin
csi-registrar        kubernetes-csi/node-driver-registrar  c5794c45f34ce9c62e47dfd5a2b073c3824f2c79 .:./cmd/csi-node-driver-registrar
csi-provisioner      kubernetes-csi/external-provisioner   34c6fc2149a354cea116724d1836262516f83225 .:./cmd/csi-provisioner
csi-snapshotter      kubernetes-csi/external-snapshotter   78e32cd84e0abec2621924a30e38c755f93e180a .:./cmd/csi-snapshotter
snapshot-controller  kubernetes-csi/external-snapshotter   78e32cd84e0abec2621924a30e38c755f93e180a .:./cmd/snapshot-controller
cluster-autoscaler   kubernetes/autoscaler                 35e8a280425c76a4040f57ae0fa232a952c02024 cluster-autoscaler:.
PROGRAMS
