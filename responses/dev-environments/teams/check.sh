#!/usr/bin/env bash
# A team's chart, the policies and external-dns, without a cluster. What they do is tried in ../suite.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cache=$root/.cache/dev-environments
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { echo "ok: teams: $*"; }
fail() { echo "FAIL: teams: $*" >&2; exit 1; }

"$here/../cluster/tools.sh" "$cache/bin" helm >&2
export PATH=$cache/bin:$PATH
template() { helm template team-ml "$here/chart" --kube-version 1.36.0 --set 'team=ml,groups={general,gpu}' "$@"; }

helm lint --quiet --strict "$here/chart" --kube-version 1.36.0 --set 'team=ml' >"$work/log" || { cat "$work/log" >&2; fail "helm lint"; }
mkdir "$work/manifests"
template >"$work/manifests/team.yaml"
template --set keys.externalSecret.enabled=true >"$work/manifests/with-keys.yaml"
grep -q 'kind: ExternalSecret' "$work/manifests/with-keys.yaml" || fail "no ExternalSecret"
"$root/hack/responses/kubeconform.sh" "$work/manifests" "$here/policies.yaml" "$here/platform.yaml" "$here/external-dns.yaml" >"$work/log" || { cat "$work/log" >&2; fail "kubeconform"; }
ok "helm lint, and kubeconform -strict: $(tail -n 1 "$work/log")"

count=0
refused() { # refused MESSAGE VALUES...
  local message=$1
  shift
  if template "$@" >/dev/null 2>"$work/log"; then fail "not refused: $*"; fi
  grep -qF -- "$message" "$work/log" || { cat "$work/log" >&2; fail "$*: it should say: $message"; }
  count=$((count + 1))
}
refused "'/team': '' does not match pattern" --set team=
refused "'/team': 'ML' does not match pattern" --set team=ML
refused "missing property 'groups'" --set groups=null
refused "'/groups/0': value must be one of 'general', 'high-memory', 'gpu'" --set 'groups={fast}'
refused "'/groups': items at 0 and 1 are equal" --set 'groups={gpu,gpu}'
refused "'/members': 'not' failed" --set members=system:masters
refused "'/quota/cpu': minimum: got 0, want 1" --set quota.cpu=0
refused "'/quota': additional properties 'disk' not allowed" --set quota.disk=1Gi
refused "'/network/company/0/cidr': 'everywhere' does not match pattern" --set 'network.company[0].cidr=everywhere'
refused "'/network/company': minItems: got 0, want 1" --set-json 'network.company=[]'
ok "$count values that make no team are refused"
echo "offline: NOT checked: teams: that External Secrets fills ssh-keys, because no company directory can be had here"
