#!/usr/bin/env bash
# Validates the manifests: strict schemas, and that they fit each other and the image's configuration. Running pods: try.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

python=/usr/bin/python3 # Debian's and Ubuntu's own: python3-yaml is for this one
"$python" -c 'import yaml' 2>/dev/null || "$root/hack/apt.sh" python3-yaml

"$root/responses/tools/kubeconform.sh" "$here"/*.yaml "$here"/load-balancers/*.yaml "$here"/trial/*.yaml
echo "ok: kubeconform -strict"
"$python" "$here/consistency.py" "$here"
cluster=$root/$(sed -n "s,^cluster=.root/,,p" "$here/try.sh")
[ -x "$cluster" ] || { echo "FAIL: try.sh calls $cluster, which is not there" >&2; exit 1; }
echo "ok: the cluster that try.sh starts is there"
echo "offline: NOT checked here: the running pods, because a cluster takes minutes: responses/kubernetes-deployment/try.sh"
