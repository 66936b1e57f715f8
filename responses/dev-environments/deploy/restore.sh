#!/usr/bin/env bash
# Puts a home back to a snapshot of it. As the cluster's administrator:
#
#   restore.sh TEAM NAME SNAPSHOT
#
# The environment falls asleep. Its volume of before stays, if its storage class retains volumes.
set -euo pipefail
[ $# -eq 3 ] || { echo "restore.sh: error: try: restore.sh TEAM NAME SNAPSHOT" >&2; exit 2; }
export name=$2 snapshot=$3
kubectl() { command kubectl --namespace "team-$team" "$@"; }
team=$1
claim=$(mktemp)
trap 'rm -f "$claim"' EXIT

kubectl wait "volumesnapshot/$snapshot" --for=jsonpath='{.status.readyToUse}'=true --timeout=10s
kubectl get persistentvolumeclaim "home-$name" --output json | jq '{apiVersion, kind,
  metadata: (.metadata | {name, labels, annotations: (.annotations | with_entries(select(.key | startswith("dev.example.com/"))))}),
  spec: (.spec | del(.volumeName) | .dataSource = {name: env.snapshot, kind: "VolumeSnapshot", apiGroup: "snapshot.storage.k8s.io"})}' >"$claim"
kubectl scale statefulset "$name" --replicas=0
kubectl wait "pod/$name-0" --for=delete --timeout=2m
kubectl delete persistentvolumeclaim "home-$name"
kubectl create --filename "$claim"
echo "restored; try: devenv wake $name --team $team"
