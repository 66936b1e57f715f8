#!/usr/bin/env bash
# Applies the manifests with one image, waits for the rollouts, and takes everything back if one fails.
#
#   deploy.sh IMAGE@sha256:DIGEST MANIFESTS      kubectl must be set to the right cluster
set -euo pipefail

image=$1
manifests=$2
placeholder=registry.example.com/toolbox@sha256:$(printf '0%.0s' {1..64})
[[ $image =~ ^[a-z0-9./:_-]+@sha256:[0-9a-f]{64}$ ]] || { echo "deploy: not an image with a digest: $image" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The namespace and its rules are the platform's; this account may not touch them.
for file in deployment.yaml shell.yaml expose.yaml; do
  sed "s|$placeholder|$image|" "$manifests/$file"
  echo ---
done >"$work/new.yaml"

# What was applied last, before anything changes. What is not there yet is not taken back.
for object in {deployment,poddisruptionbudget,service,httproute}/toolbox deployment/toolbox-shell; do
  kubectl --namespace=toolbox apply view-last-applied "$object" -o yaml >>"$work/former.yaml" || continue
  echo --- >>"$work/former.yaml"
done

kubectl --namespace=toolbox apply -f "$work/new.yaml"
for deployment in toolbox toolbox-shell; do
  if kubectl --namespace=toolbox rollout status "deployment/$deployment" --timeout=200s; then continue; fi
  # The old pods have served on (maxUnavailable: 0); this removes the new ones.
  echo "deploy: $deployment did not become ready, going back" >&2
  if [ -s "$work/former.yaml" ]; then kubectl --namespace=toolbox apply -f "$work/former.yaml"; fi
  exit 1
done
