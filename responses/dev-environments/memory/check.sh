#!/usr/bin/env bash
# The memory rules and their tests, the README's worked-out tables, and the manifests.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
fail() { echo "FAIL: $*" >&2; exit 1; }
quietly() { "$@" >"$log" 2>&1 || { cat "$log" >&2; fail "$*"; }; }

quietly "$root/responses/tools/promtool.sh" check rules "$here/../deploy/rules/memory.yaml"
quietly "$root/responses/tools/promtool.sh" test rules "$here/rules_test.yaml"
while read -r alert; do
  # -z: the alert's name and what is expected of it are on neighbouring lines.
  grep -qzP "alertname: $alert(, |\n +)exp_alerts" "$here/rules_test.yaml" || fail "no test in which $alert fires"
done < <(sed -n 's/.*- alert: //p' "$here/../deploy/rules/memory.yaml")
echo "ok: promtool: the rules and their tests; every alert fires in one"

awk -f "$here/numbers.awk" >"$log"
sed -n '/^<!-- numbers -->$/,/^<!-- end -->$/p' "$here/README.md" | grep -v '^<!--' | diff - "$log" >&2 || fail "README.md: not what numbers.awk works out"
gib=$(sed -n 's/.*"r6id.12xlarge".*"allocatable_gib": \([0-9]*\).*/\1/p' "$here/../node-groups/pools.auto.tfvars.json")
grep -q "on a node with $gib GiB for pods" "$here/README.md" || fail "README.md: a node has $gib GiB for pods"
echo "ok: the sizes and restart times are what numbers.awk works out"

quietly "$root/responses/tools/kubeconform.sh" "$here/stage.yaml"
echo "ok: kubeconform -strict: stage.yaml"

echo "offline: NOT checked: staging and locking 250 GB, and PSI from a kubelet, because they need a large node and cgroup v2"
