#!/usr/bin/env bash
# The manifests are valid for a current Kubernetes; the experiment shows what README.md says.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

out=$("$root/hack/responses/kubeconform.sh" "$here/manifests" 2>&1) || { echo "$out" >&2; exit 1; }
echo "ok: manifests: $out"
if "$root/hack/responses/kubeconform.sh" "$here/service.brief.yaml" >/dev/null 2>&1; then
  echo "FAIL: the brief's Service is valid as printed; README.md says it is not" >&2
  exit 1
fi
echo "ok: the brief's Service is refused as it is printed, without its indentation"

cd "$root/responses"
go vet ./skewed-service-load/...
out=$(go test ./skewed-service-load/... 2>&1) || { echo "$out" >&2; exit 1; }
echo "ok: connections skew, balancing by request does not (go test)"
while IFS= read -r line; do
  grep -Fxq -- "$line" "$here/README.md" || { echo "FAIL: README.md lacks the line: $line" >&2; exit 1; }
done < <(go run ./skewed-service-load/experiment)
echo "ok: README.md shows the experiment's result"
echo "offline: NOT checked: the diagnosis commands, because they need a cluster with the problem"
