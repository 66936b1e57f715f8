#!/usr/bin/env bash
# Checks that the manifests fit the image. On a real cluster: throwaway.sh, as the workflow does.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

/usr/bin/python3 "$here/consistency.py" "$here"
echo "offline: NOT checked here: running pods, because a cluster takes minutes: responses/kubernetes-deployment/throwaway.sh"
