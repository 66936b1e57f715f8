#!/usr/bin/env bash
# Tries the manifests, the deployer's rights, the policies and deploy.sh on a cluster that is thrown away afterwards.
#
#   throwaway.sh IMAGE@sha256:DIGEST      kubectl must be set to that cluster as its administrator; its nodes have the image.
#                                         Its network must enforce policies, as kind's does.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
image=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

# --- The platform's part, and somebody inside and outside of the Gateway's namespace.
gateway_api=$(cd / && GOWORK=off go mod download -json sigs.k8s.io/gateway-api@v1.5.1 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
kubectl apply --server-side -f "$gateway_api/config/crd/standard" >/dev/null
kubectl apply -f "$here/namespace.yaml" -f "$here/network-policy.yaml" \
  -f "$here/../image-ci/deployer-rbac.yaml" -f "$here/../cve-scan/admission-policy.yaml" >/dev/null
for namespace in gateways strangers; do
  kubectl create namespace "$namespace"
  kubectl --namespace "$namespace" create serviceaccount default 2>/dev/null || true # so that nothing waits for the controller
  kubectl --namespace "$namespace" run client --image "$image" -- sleep infinity
  kubectl --namespace "$namespace" wait pod/client --for=condition=Ready --timeout=120s
done >/dev/null

# --- The deployer: the user of the RoleBinding, and no more than it may.
deployer=$(kubectl --namespace toolbox get rolebinding deployer -o jsonpath='{.subjects[0].name}')
mkdir "$work/bin"
printf '#!/bin/sh\nexec "%s" --as="%s" "$@"\n' "$(command -v kubectl)" "$deployer" >"$work/bin/kubectl"
chmod +x "$work/bin/kubectl"
deploy() { PATH=$work/bin:$PATH "$here/../image-ci/deploy.sh" "$1" "$work/manifests" >"$work/log" 2>&1; }
for what in 'get secrets' 'create pods' 'create pods --subresource=exec' 'delete deployments.apps' 'patch networkpolicies.networking.k8s.io' 'patch roles.rbac.authorization.k8s.io'; do
  # shellcheck disable=SC2086 # some words
  [ "$(kubectl --as="$deployer" --namespace toolbox auth can-i $what 2>/dev/null)" = no ] || fail "the deployer may $what"
done
[ "$(kubectl --as="$deployer" --namespace default auth can-i create deployments.apps 2>/dev/null)" = no ] || fail "the deployer may deploy elsewhere"
ok "the deployer may not read secrets, enter pods, change policies or deploy elsewhere"

# --- A version that works.
cp -R "$here" "$work/manifests"
deploy "$image" || { cat "$work/log" >&2; kubectl --namespace toolbox get events >&2; fail "deploy.sh"; }
running() { # the images of the server's ready pods
  kubectl --namespace toolbox get pods -l app.kubernetes.io/name=toolbox -o json |
    jq -r '.items[] | select(any(.status.containerStatuses[]?; .ready)) | .spec.containers[0].image'
}
[ "$(running)" = "$image"$'\n'"$image" ] || fail "not two ready pods: $(running)"
versions=$(kubectl --namespace toolbox exec deploy/toolbox-shell -- sh -c 'python2 -V; python3 -V; Rscript --version; cat /proc/1/comm' 2>&1)
[[ $versions = *"Python 2.7.18"*"Python 3."*Rscript*tini* ]] || fail "the shell: $versions"
ok "deploy.sh: two ready pods, and a shell with Python 2, Python 3 and R under tini"

# --- Who reaches it.
reaches() { # reaches NAMESPACE URL
  kubectl --namespace "$1" exec client -- python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=3).read().decode())' "$2" 2>/dev/null
}
address=$(kubectl --namespace toolbox get pods -l app.kubernetes.io/name=toolbox -o jsonpath='{.items[0].status.podIP}')
service=$(kubectl --namespace toolbox get service toolbox -o jsonpath='{.spec.clusterIP}')
deadline=$((SECONDS + 40))
until [ "$(reaches gateways "http://$service/healthz" | tr -d '\n')" = '{"ok":true}' ]; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the Gateway's namespace does not reach the service"
done
if reaches strangers "http://$service/healthz"; then fail "a stranger reaches the service"; fi
if reaches strangers "http://$address:8080/healthz"; then fail "a stranger reaches the pods"; fi
if reaches gateways "http://$address:9090/metrics"; then fail "the Gateway's namespace reaches the metrics"; fi
ok "the network: the Gateway's namespace reaches the server and not its metrics; a stranger reaches nothing"

# --- What is refused, and what is taken back.
by_tag() { # the shell's pod, by a tag
  kubectl --namespace toolbox get deployment toolbox-shell -o json | jq '.spec.template + {apiVersion: "v1", kind: "Pod"}
    | .metadata.name = "tag" | .spec.containers[0].image = "registry.example.com/toolbox:built"'
}
if said=$(by_tag | kubectl --namespace toolbox create --dry-run=server -f - 2>&1); then fail "a tag is admitted"; fi
[[ $said = *"images must come from registry.example.com and name a digest"* ]] || fail "refused for another reason: $said"
ok "an image by tag is refused"
sed -i 's/progressDeadlineSeconds: .*/progressDeadlineSeconds: 15/' "$work/manifests/deployment.yaml"
if deploy "registry.example.com/toolbox@sha256:$(printf '1%.0s' {1..64})"; then fail "an image that is not there counts as deployed"; fi
kubectl --namespace toolbox rollout status deployment/toolbox --timeout=60s >/dev/null || fail "not taken back"
[ "$(running)" = "$image"$'\n'"$image" ] || { cat "$work/log" >&2; fail "not the former pods: $(running)"; }
ok "deploy.sh: a version that does not start fails the job, and the former pods are there"
