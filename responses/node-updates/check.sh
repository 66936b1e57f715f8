#!/usr/bin/env bash
# The manifests and the node pools' settings are valid, fit each other, and slow an update down as README.md says.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
fail() { echo "FAIL: $*" >&2; exit 1; }

out=$("$root/responses/tools/kubeconform.sh" "$here/manifests" "$here"/node-pools/*.yaml 2>&1) || fail "$out"
echo "ok: manifests: $(tail -n 1 <<<"$out")"

# value FILE KEY [AFTER]: the first value of a key, behind the line with the key AFTER, without its comment.
value() { sed -n "/${3:-.}/,\$s/^ *-* *$2: *\([^ #]*\).*/\1/p" "$here/$1" | head -n 1; }
pod=manifests/deployment.yaml
[ "$(value manifests/pdb.yaml app)" = "$(value $pod app)" ] || fail "the budget selects other pods than the Deployment's"
[ "$(value manifests/pdb.yaml maxUnavailable)" -lt "$(value $pod replicas)" ] || fail "the budget protects nothing"
grace=$(value $pod terminationGracePeriodSeconds)
[ "$grace" -ge $(($(value $pod seconds) + 30)) ] || fail "preStop leaves less than 30 s for the requests"
grep -q "name: $(value $pod priorityClassName)\$" "$here/manifests/priority.yaml" || fail "the priority class is not there"
echo "ok: budget, labels, grace period and priority fit each other"

# The disruption controller counts Ready pods (pkg/controller/disruption, countHealthyPods). It does not look at minReadySeconds,
# so a replacement frees the next eviction as soon as its readiness probe has succeeded successThreshold times.
period=$(value $pod periodSeconds readinessProbe)
threshold=$(value $pod successThreshold readinessProbe)
settled=$(((${threshold:-1} - 1) * period))
[ "$settled" -ge 10 ] || fail "a replacement frees the next eviction $settled s after its first answer: one that dies at once goes unnoticed"
echo "ok: a replacement has answered for $settled s before the next pod may be evicted"

# A node that holds all pods has to be drained before the shortest deadline is over: EKS's 15 minutes.
start=$(($(value $pod periodSeconds startupProbe) * $(value $pod failureThreshold startupProbe)))
drain=$(($(value $pod replicas) * (grace + start + settled)))
deadline=$(value node-pools/karpenter.yaml terminationGracePeriod)
[ "$deadline" = 1h ] || fail "karpenter.yaml: terminationGracePeriod is ${deadline:-not set}: a blocked node never ends"
[ "$drain" -lt 900 ] || fail "in the worst case a drain takes $drain s, longer than EKS waits"
[ "$(value node-pools/karpenter.yaml nodes)" = '"1"' ] || fail "karpenter.yaml: more than one node may leave at once"
echo "ok: in the worst case all pods move in $drain s, before EKS gives up after 900 s"

out=$("$root/responses/tools/tofu.sh" check "$here/node-pools" 2>&1) || fail "$out"
echo "ok: node-pools/ is formatted and valid"
echo "offline: NOT checked: a real drain with kubelet and load balancer, because it needs a cluster; the commands are in NOTES.md"
