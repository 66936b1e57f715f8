#!/usr/bin/env bash
# Builds those of the machine's tools that are missing, from their own sources and with pinned versions.
#
#   tools.sh BIN-DIR [TOOL...]     without names: all of them
#
# Each folder in tools/ is a Go module that requires one project at one version. Its go.sum holds the
# checksum of everything that goes into the tool, so that Go's module proxy is the only place asked.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=$1
shift
mkdir -p "$bin"

# The name of the tool, the module in tools/, the package. What is needed first stands first.
tools() {
  cat <<'END'
helm                     helm                helm.sh/helm/v3/cmd/helm
kubectl                  kubernetes          k8s.io/kubernetes/cmd/kubectl
etcd                     etcd                go.etcd.io/etcd/server/v3
kube-apiserver           kubernetes          k8s.io/kubernetes/cmd/kube-apiserver
kube-controller-manager  kubernetes          k8s.io/kubernetes/cmd/kube-controller-manager
kube-scheduler           kubernetes          k8s.io/kubernetes/cmd/kube-scheduler
kubelet                  kubernetes          k8s.io/kubernetes/cmd/kubelet
kube-proxy               kubernetes          k8s.io/kubernetes/cmd/kube-proxy
kwok                     kwok                sigs.k8s.io/kwok/cmd/kwok
kube-state-metrics       kube-state-metrics  k8s.io/kube-state-metrics/v2
external-dns             external-dns        sigs.k8s.io/external-dns
kube-router              kube-router         github.com/cloudnativelabs/kube-router/cmd/kube-router
END
}

# Kubernetes takes its version from the linker, and calls itself v0.0.0-master without.
ldflags() {
  local flags='-s -w' version package
  if [ "$1" = kubernetes ]; then
    version=$(go -C "$here/tools/$1" list -m -f '{{.Version}}' k8s.io/kubernetes)
    for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
      flags+=" -X $package.gitVersion=$version -X $package.gitMajor=${version:1:1} -X $package.gitTreeState=clean"
      flags+=" -X $package.gitMinor=$(cut -d. -f2 <<<"$version") -X $package.buildDate=1970-01-01T00:00:00Z"
    done
  fi
  echo "$flags"
}

# build NAME MODULE PACKAGE
build() {
  local module=$here/tools/$2 from started=$SECONDS
  from=$(cat "$module/go.mod" "$module/go.sum" | sha256sum)
  # Beside the tool stands what it was built from: a new version in go.mod builds it anew.
  if [ -x "$bin/$1" ] && [ "$(cat "$bin/.$1" 2>/dev/null)" = "$from" ]; then
    return
  fi
  CGO_ENABLED=0 GOFLAGS=-mod=readonly go -C "$module" build -trimpath -buildvcs=false \
    -ldflags "$(ldflags "$2")" -o "$bin/.new-$1" "$3"
  if [ "$1" = kwok ]; then
    # What kwok does with a node and a pod is configuration, and comes with its sources.
    (cd "$(go -C "$module" list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage" &&
      sed -s '1i ---' node/fast/node-*.yaml node/heartbeat-with-lease/node-*.yaml pod/fast/pod-*.yaml) >"$bin/kwok-stages.yaml"
  fi
  mv "$bin/.new-$1" "$bin/$1"
  echo "$from" >"$bin/.$1"
  echo "tools: $1 built in $((SECONDS - started)) s"
}

while read -r name module package; do
  if [ $# -eq 0 ] || [[ " $* " = *" $name "* ]]; then
    build "$name" "$module" "$package" </dev/null
  fi
done < <(tools)
