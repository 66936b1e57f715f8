#!/usr/bin/env bash
# Validates Kubernetes manifests strictly: an unknown field, kind or API version fails.
#
#   responses/tools/kubeconform.sh [kubeconform flags] FILE|DIR...
#
# kubeconform usually downloads its schemas from a third party. Here they are generated from the OpenAPI document inside the Kubernetes
# source module, so the check needs the Go module proxy only.
set -euo pipefail

kubernetes=v1.36.3
# Custom resources: their modules, and where the definitions lie in them.
crds=(
  sigs.k8s.io/gateway-api@v1.5.1=config/crd/standard
  github.com/prometheus-operator/prometheus-operator@v0.82.0=example/prometheus-operator-crd
  sigs.k8s.io/karpenter@v1.8.0=pkg/apis/crds
  github.com/external-secrets/external-secrets@v0.20.4=config/crds/bases
)
root=$(cd "$(dirname "$0")/../.." && pwd)
# A folder for each choice of versions.
schemas=$root/.cache/k8s-schemas/$(echo "$kubernetes ${crds[*]}" | shasum -a 256 | cut -c -12)

# module PATH@VERSION: downloads it and prints its folder. Go checks the sum against the checksum database.
# From /, because inside a module go would write the sum into that module's go.sum.
module() { (cd / && GOWORK=off go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'; }

if [ ! -d "$schemas" ]; then
  echo "kubeconform: generating schemas for Kubernetes $kubernetes (once)" >&2
  mkdir -p "$root/.cache/k8s-schemas"
  scratch=$(mktemp -d "$schemas.XXXXXX")
  folders=()
  for crd in "${crds[@]}"; do folders+=("$(module "${crd%=*}")/${crd#*=}"); done
  go -C "$root/responses/tools" run ./k8sschema "$(module "k8s.io/kubernetes@$kubernetes")/api/openapi-spec/swagger.json" "$scratch" "${folders[@]}"
  # A move is atomic: two checks at once cannot see half a folder.
  mv -T "$scratch" "$schemas" 2>/dev/null || { [ -d "$schemas" ] && rm -rf "$scratch"; }
fi

kubeconform=$(go -C "$root/responses/tools/kubeconform" tool -n kubeconform)
exec "$kubeconform" -strict -summary \
  -schema-location "$schemas/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json" "$@"
