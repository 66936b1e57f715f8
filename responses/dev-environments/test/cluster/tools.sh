#!/usr/bin/env bash
# Builds those of the machine's programs that are missing, from their own sources and with pinned versions.
#
#   tools.sh BIN-DIR [PROGRAM...]     without names: all of them
#
# Each folder in tools/ is a Go module that requires one project at one version: Go's module proxy is the only place asked.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$(mkdir -p "$1" && cd "$1" && pwd)
shift

while read -r program module package; do
  [ $# -eq 0 ] || [[ " $* " = *" $program "* ]] || continue
  [ ! "$bin/$program" -nt "$here/tools/$module/go.sum" ] || continue
  flags='-s -w'
  if [ "$module" = kubernetes ]; then # it takes its version from the linker, and calls itself v0.0.0 without
    version=$(sed -n 's|.*k8s.io/kubernetes \(v[0-9.]*\).*|\1|p' "$here/tools/kubernetes/go.mod")
    flags+=" -X k8s.io/component-base/version.gitVersion=$version -X k8s.io/component-base/version.gitMajor=1"
    flags+=" -X k8s.io/component-base/version.gitMinor=$(cut -d. -f2 <<<"$version")"
  fi
  started=$SECONDS
  CGO_ENABLED=0 GOFLAGS=-mod=readonly go -C "$here/tools/$module" build -trimpath -buildvcs=false -ldflags "$flags" -o "$bin/$program" "$package" </dev/null
  if [ "$program" = kwok ]; then # what it does with a node and a pod is configuration, and comes with its sources
    (cd "$(go -C "$here/tools/kwok" list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage" &&
      sed -s '1i ---' node/fast/node-*.yaml node/heartbeat-with-lease/node-*.yaml pod/fast/pod-*.yaml) >"$bin/kwok-stages.yaml"
  fi
  echo "tools: $program built in $((SECONDS - started)) s"
done <<'END_OF_PROGRAMS'
helm                     helm                helm.sh/helm/v3/cmd/helm
etcd                     etcd                go.etcd.io/etcd/server/v3
kube-apiserver           kubernetes          k8s.io/kubernetes/cmd/kube-apiserver
kubectl                  kubernetes          k8s.io/kubernetes/cmd/kubectl
kubeadm                  kubernetes          k8s.io/kubernetes/cmd/kubeadm
kube-controller-manager  kubernetes          k8s.io/kubernetes/cmd/kube-controller-manager
kube-scheduler           kubernetes          k8s.io/kubernetes/cmd/kube-scheduler
kubelet                  kubernetes          k8s.io/kubernetes/cmd/kubelet
kube-proxy               kubernetes          k8s.io/kubernetes/cmd/kube-proxy
kwok                     kwok                sigs.k8s.io/kwok/cmd/kwok
kube-state-metrics       kube-state-metrics  k8s.io/kube-state-metrics/v2
external-dns             external-dns        sigs.k8s.io/external-dns
kube-router              kube-router         github.com/cloudnativelabs/kube-router/cmd/kube-router
END_OF_PROGRAMS
