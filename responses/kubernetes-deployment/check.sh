#!/usr/bin/env bash
# Validates the manifests: strict schemas, and that they do what README.md says. On a real cluster: ../image-ci/throwaway.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

python=/usr/bin/python3 # Debian's and Ubuntu's own: python3-yaml is for this one
"$python" -c 'import yaml' 2>/dev/null || "$root/hack/apt.sh" python3-yaml

"$root/responses/tools/kubeconform.sh" "$here"/*.yaml
echo "ok: kubeconform -strict"
"$python" "$here/consistency.py" "$here"
echo "offline: NOT checked here: running pods, because a cluster takes minutes: responses/image-ci/throwaway.sh"
