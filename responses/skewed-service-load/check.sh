#!/usr/bin/env bash
# The manifests are valid for a current Kubernetes, and the mesh's pods are admitted with the containers that Linkerd adds.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
fail() { echo "FAIL: $*" >&2; exit 1; }

out=$("$root/responses/tools/kubeconform.sh" "$here/manifests" "$here/mesh" 2>&1) || fail "$out"
echo "ok: manifests: $(tail -n 1 <<<"$out")"
if "$root/responses/tools/kubeconform.sh" "$here/service.brief.yaml" >/dev/null 2>&1; then
  fail "the brief's Service is valid as printed; README.md says it is not"
fi
echo "ok: the brief's Service is refused as it is printed, without its indentation"

# admits FILE: does the API server's own admission check let the mesh's pods in, with FILE's containers added?
admits() { go -C "$root/responses/tools/podsecurity" run . -inject "$here/injected/$1" "$here"/mesh/*.yaml 2>&1; }
out=$(admits cni.yaml) || fail "$out"
for pods in my-clients/my-client my-service/my-service; do
  grep -q "$pods is admitted under restricted, with the mesh's containers" <<<"$out" || fail "$pods is not in the mesh: $out"
done
echo "ok: the clients' and the backend's pods are admitted under restricted, with the containers that Linkerd's CNI plugin leaves"
if out=$(admits init.yaml); then fail "linkerd-init is admitted; README.md says that it is not: $out"; fi
grep -q '"linkerd-init".*"NET_ADMIN"' <<<"$out" || fail "refused for another reason than linkerd-init: $out"
echo "ok: without the CNI plugin they are refused, because of linkerd-init"
! grep -q 'clusterIP: None' "$here"/mesh/*.yaml || fail "Linkerd does not balance a headless Service"
echo "ok: no Service of the mesh is headless"
echo "offline: NOT checked: the diagnosis commands and the mesh itself, because they need a cluster with the problem"
