#!/usr/bin/env bash
# The platform's chart with each overlay, and a team's, without a cluster. What they do is tried in ../test.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
bin=$root/.cache/dev-environments/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { echo "ok: deploy: $*"; }
fail() { echo "FAIL: deploy: $*" >&2; exit 1; }

"$here/../test/cluster/tools.sh" "$bin" helm >&2
export PATH=$bin:$PATH
digest=registry.example.com/dev/sessions@sha256:$(printf '%064d' 0)
platform() { helm template dev-environments "$here" --namespace platform --kube-version 1.36.0 --set "catalogue.sessions=$digest" "$@"; }
network=(--set 'network.company[0].cidr=10.0.0.0/8,network.cluster={10.244.0.0/16}')
team() { helm template team-ml "$here/team" --kube-version 1.36.0 --set 'team=ml,groups={general,gpu}' "${network[@]}" "$@"; }

mkdir "$work/manifests"
for overlay in eks gke kind; do
  platform --values "$here/$overlay.yaml" >"$work/manifests/$overlay.yaml"
  helm lint --quiet --strict "$here" --namespace platform --kube-version 1.36.0 --set "catalogue.sessions=$digest" --values "$here/$overlay.yaml" >"$work/log" || { cat "$work/log" >&2; fail "helm lint, $overlay.yaml"; }
done
platform --values "$here/kind.yaml" --values "$here/../test/values.yaml" --set dns.enabled=true,gateway.enabled=true,gateway.image=x >"$work/manifests/test.yaml"
helm lint --quiet --strict "$here/team" --kube-version 1.36.0 --set team=ml "${network[@]}" >"$work/log" || { cat "$work/log" >&2; fail "helm lint, team"; }
team >"$work/manifests/team.yaml"
team --set keys.externalSecret.enabled=true,admins=oidc:leads --set 'network.linkLocal[0].cidr=169.254.20.10/32,network.linkLocal[0].protocol=UDP,network.linkLocal[0].port=53' >"$work/manifests/with-keys.yaml"
grep -q 'kind: ExternalSecret' "$work/manifests/with-keys.yaml" || fail "no ExternalSecret"
"$root/responses/tools/kubeconform.sh" -skip BackendConfig "$work/manifests" >"$work/log" || { cat "$work/log" >&2; fail "kubeconform"; }
ok "helm lint, and kubeconform -strict: $(tail -n 1 "$work/log")"

# The rules reach Prometheus as they were tested: braces in them are Prometheus', not Helm's.
for rules in environments memory; do
  grep -c '  - alert:' "$here/rules/$rules.yaml" >>"$work/alerts"
done
[ "$(grep -c '  - alert:' "$work/manifests/eks.yaml")" = "$(paste -sd+ "$work/alerts" | bc)" ] || fail "not all alerts are in the chart"
# shellcheck disable=SC2016 # Prometheus' variable
grep -qF '{{ $labels.environment }}' "$work/manifests/eks.yaml" || fail "Helm has taken the alerts' words"
# The page has no rights: the person's own token is passed on.
for overlay in eks gke; do
  ! grep -q impersonate "$work/manifests/$overlay.yaml" || fail "$overlay.yaml: somebody may impersonate"
  ! grep -q 'kind: ServiceAccount, name: page' "$work/manifests/$overlay.yaml" || fail "$overlay.yaml: the page has a role"
  # page/notebook.go keeps cookies of such names from a notebook, and a browser those of one host from the other.
  grep -q -- '--cookie-name=__Host-' "$work/manifests/$overlay.yaml" || fail "$overlay.yaml: a notebook gets the session"
  grep -q 'host: notebooks.example.com' "$work/manifests/$overlay.yaml" || fail "$overlay.yaml: nothing leads to notebooks"
done
platform --values "$here/eks.yaml" --set page.notebookHost= >"$work/none.yaml"
! grep -q 'notebooks: ' "$work/none.yaml" || fail "notebooks without a host"
# The load balancers' annotations are those of their controllers' own lists.
listed() { # listed OVERLAY REPOSITORY REVISION NAMES FILES: NAMES are the overlay's that the FILES have to have
  local overlay=$1 repository=$2 revision=$3 names=$4 name file
  for file in $5; do
    "$here/../test/github.sh" "$repository" "$revision" "$file" >>"$work/$overlay.list" 2>"$work/log" ||
      { echo "offline: NOT checked: deploy: the annotations of $overlay.yaml; try: CLONES=DIR, with a clone of $repository"; return; }
  done
  names=$(grep -oE "$names" "$here/$overlay.yaml" | sort -u)
  [ "$(wc -l <<<"$names")" -ge 4 ] || fail "$overlay.yaml: only these annotations: $names"
  for name in $names; do grep -qF "\"${name#alb.ingress.kubernetes.io/}\"" "$work/$overlay.list" || fail "$overlay.yaml: not in the list of $repository: $name"; done
  ok "$(wc -l <<<"$names") annotations of $overlay.yaml are in the list of $repository $revision"
}
listed eks kubernetes-sigs/aws-load-balancer-controller v3.5.0 'alb\.ingress\.kubernetes\.io/[a-z.-]+' pkg/annotations/constants.go
listed gke kubernetes/ingress-gce v1.41.1 '(cloud\.google\.com|kubernetes\.io|ingress\.gcp\.kubernetes\.io)/[a-z.-]+|gce-internal' 'pkg/annotations/ingress.go pkg/annotations/service.go pkg/negannotation/negannotation.go'

versions=$(sed -n 's/^version: \([0-9.]*\).*/\1/p' "$here/values.yaml" "$here/Chart.yaml" "$here/team/Chart.yaml"; sed -n 's/^const Version = "\(.*\)"/\1/p' "$here/../environments/platform.go")
[ "$(sort -u <<<"$versions" | wc -l) $(wc -l <<<"$versions")" = "1 4" ] || fail "charts, values and program have other versions: $(xargs <<<"$versions")"
ok "the rules as they are, the page without rights, notebooks without its session, one version"

count=0
refused() { # refused MESSAGE CHART VALUES...
  local message=$1
  shift
  if "$@" >/dev/null 2>"$work/log"; then fail "not refused: $*"; fi
  grep -qF -- "$message" "$work/log" || { cat "$work/log" >&2; fail "$*: it should say: $message"; }
  count=$((count + 1))
}
refused "identity.issuer is required" platform
refused "catalogue.sessions is required" platform --values "$here/kind.yaml" --set catalogue.sessions=
refused "the platform lives in the namespace platform" platform --values "$here/kind.yaml" --namespace default
refused "'/team': '' does not match pattern" team --set team=
refused "'/team': 'ML' does not match pattern" team --set team=ML
refused "missing property 'groups'" team --set groups=null
refused "'/groups/0': value must be one of 'general', 'high-memory', 'gpu'" team --set 'groups={fast}'
refused "'/groups': items at 0 and 1 are equal" team --set 'groups={gpu,gpu}'
refused "'/members': 'not' failed" team --set members=system:masters
refused "'/admins': 'not' failed" team --set admins=system:masters
refused "'/credentials/0': 'A_b' does not match pattern" team --set 'credentials={A_b}'
refused "'/network/linkLocal/0/cidr': '10.0.0.0/8' does not match pattern" team --set 'network.linkLocal[0].cidr=10.0.0.0/8,network.linkLocal[0].protocol=UDP,network.linkLocal[0].port=53'
refused "'/quota/cpu': minimum: got 0, want 1" team --set quota.cpu=0
refused "'/quota': additional properties 'disk' not allowed" team --set quota.disk=1Gi
refused "'/network/company/0/cidr': 'everywhere' does not match pattern" team --set 'network.company[0].cidr=everywhere'
network=() # no guess is safe
refused "'/network/company': minItems: got 0, want 1" team
refused "'/network/cluster': minItems: got 0, want 1" team
ok "$count values that make no platform or team are refused"
echo "offline: NOT checked: deploy: oauth2-proxy, Route 53, and that External Secrets fills ssh-keys, because none can be had here"
