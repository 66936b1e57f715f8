#!/usr/bin/env bash
# The manifests and the node pools' settings are valid and fit each other; the shutdown experiment shows what README.md says.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
fail() { echo "FAIL: $*" >&2; exit 1; }

out=$("$root/hack/responses/kubeconform.sh" "$here/manifests" 2>&1) || fail "$out"
echo "ok: manifests: $out"

# value FILE KEY: the first value of a key, without its comment.
value() { sed -n "s/^ *$2: *\([^ #]*\).*/\1/p" "$here/manifests/$1" | head -n 1; }
[ "$(value pdb.yaml app)" = "$(value deployment.yaml app)" ] || fail "the budget selects other pods than the Deployment's"
[ "$(value pdb.yaml maxUnavailable)" -lt "$(value deployment.yaml replicas)" ] || fail "the budget protects nothing"
[ "$(value deployment.yaml terminationGracePeriodSeconds)" -ge $(($(value deployment.yaml seconds) + 30)) ] ||
  fail "preStop leaves less than 30 s for the requests"
grep -q "name: $(value deployment.yaml priorityClassName)\$" "$here/manifests/priority.yaml" || fail "the priority class is not there"
echo "ok: budget, labels, grace period and priority fit each other"

out=$("$root/hack/responses/tofu.sh" check "$here/node-pools" 2>&1) || fail "$out"
echo "ok: node-pools/ is formatted and valid"

cd "$root/responses"
go vet ./node-updates/...
out=$(go test ./node-updates/... 2>&1) || fail "$out"
echo "ok: requests are lost without the preStop sleep, none with it (go test)"
echo "offline: NOT checked: a real drain with kubelet and load balancer, because it needs a cluster; the commands are in README.md"
