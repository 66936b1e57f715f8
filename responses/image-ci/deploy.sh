#!/usr/bin/env bash
# Applies the manifests with one image, waits for the rollouts, and takes everything back if that fails.
#
#   deploy.sh IMAGE@sha256:DIGEST MANIFESTS      kubectl must be set to the right cluster
#
# Taking back restores each object as it was last applied, and removes those that were not there before.
set -euo pipefail

image=$1
manifests=$2
placeholder=registry.example.com/toolbox@sha256:$(printf '0%.0s' {1..64})
[[ $image =~ ^[a-z0-9./:_-]+@sha256:[0-9a-f]{64}$ ]] || { echo "deploy: not an image with a digest: $image" >&2; exit 2; }

# Always this namespace, whatever the context names; kubectl then refuses an object of another one.
kubectl() { command kubectl --namespace=toolbox "$@"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The namespace and its rules are the platform's; this account may not touch them.
for file in deployment.yaml shell.yaml expose.yaml; do
  sed "s|$placeholder|$image|" "$manifests/$file"
  echo ---
done >"$work/new.yaml"
grep -q "$image" "$work/new.yaml" || { echo "deploy: the manifests do not name $placeholder" >&2; exit 1; }

# What is there now, before anything changes.
kubectl apply --dry-run=client -o name -f "$work/new.yaml" | sort >"$work/wanted"
kubectl get --ignore-not-found -o name -f "$work/new.yaml" | sort >"$work/present"
while read -r object; do
  kubectl apply view-last-applied "$object" -o yaml </dev/null
  echo ---
done <"$work/present" >"$work/former.yaml"

# rolled_out FILE-WITH-NAMES: waits for the deployments among them.
rolled_out() {
  local deployment
  while read -r deployment; do
    kubectl rollout status "$deployment" --timeout=200s </dev/null || return 1
  done < <(grep '^deployment' "$1")
}

take_back() {
  local status=0 added
  mapfile -t added < <(comm -23 "$work/wanted" "$work/present")
  if [ -s "$work/present" ]; then kubectl apply -f "$work/former.yaml" || status=1; fi
  if [ ${#added[@]} -gt 0 ]; then kubectl delete --wait=false --ignore-not-found "${added[@]}" || status=1; fi
  rolled_out "$work/present" || status=1
  return "$status"
}

kubectl diff -f "$work/new.yaml" || [ $? -eq 1 ] # 1: there are differences; more: an error
if kubectl apply -f "$work/new.yaml" && rolled_out "$work/wanted"; then exit; fi
# The old pods have served on (maxUnavailable: 0); this stops the new ones, and what else has changed.
echo "deploy: taking back, $image did not become ready" >&2
take_back || { echo "deploy: TAKING BACK FAILED, see above" >&2; exit 1; }
echo "deploy: taken back" >&2
exit 1
