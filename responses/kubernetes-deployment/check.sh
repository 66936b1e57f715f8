#!/usr/bin/env bash
# Validates the manifests: strict schemas, and that they fit each other and the image's configuration.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
gateway_api=sigs.k8s.io/gateway-api@v1.5.1

python=/usr/bin/python3 # Debian's and Ubuntu's own: python3-yaml is for this one
"$python" -c 'import yaml' 2>/dev/null || "$root/hack/apt.sh" python3-yaml

# HTTPRoute is a custom resource: its schema comes from the CRD in the Gateway API's own module.
schemas=$root/.cache/kubernetes-deployment/${gateway_api##*@}
if [ ! -s "$schemas/httproute_v1.json" ]; then
  mkdir -p "$schemas"
  module=$(cd "$schemas" && GO111MODULE=on GOFLAGS=-mod=mod GOWORK=off go mod download -json "$gateway_api" |
    sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  "$python" "$here/crd_schema.py" "$module/config/crd/standard/gateway.networking.k8s.io_httproutes.yaml" "$schemas"
fi

"$root/hack/responses/kubeconform.sh" -schema-location "$schemas/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json" "$here"/*.yaml
echo "ok: kubeconform -strict"
"$python" "$here/consistency.py" "$here"
echo "offline: NOT checked: the running pods, because there is no cluster here"
