#!/usr/bin/env bash
# Applies the manifests with one image, waits for the rollout, and takes it back if it fails.
#
#   deploy.sh IMAGE@sha256:DIGEST MANIFESTS      kubectl must be set to the right cluster
set -euo pipefail

image=$1
manifests=$2
placeholder=registry.example.com/toolbox@sha256:$(printf '0%.0s' {1..64})
[[ $image =~ ^[a-z0-9./:_-]+@sha256:[0-9a-f]{64}$ ]] || { echo "deploy: not an image with a digest: $image" >&2; exit 2; }

rendered=$(mktemp)
trap 'rm -f "$rendered"' EXIT
# The namespace and its rules are the platform's; this account may not touch them.
for file in deployment.yaml shell.yaml expose.yaml; do
  sed "s|$placeholder|$image|" "$manifests/$file"
  echo ---
done >"$rendered"
grep -q "$image" "$rendered" || { echo "deploy: the manifests do not name $placeholder" >&2; exit 1; }

kubectl diff -f "$rendered" || [ $? -eq 1 ] # 1: there are differences; more: an error
kubectl apply -f "$rendered"
if ! kubectl rollout status deployment/toolbox --timeout=200s; then
  # The old pods still serve (maxUnavailable: 0); this stops the new ones and frees the next deployment.
  kubectl rollout undo deployment/toolbox
  kubectl rollout status deployment/toolbox --timeout=200s
  echo "deploy: rolled back, $image did not become ready" >&2
  exit 1
fi
