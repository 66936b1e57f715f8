#!/usr/bin/env bash
# The rules with their tests, the dashboard, the routes and the scrape objects, without a cluster.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cache=$root/.cache/monitoring
operator=github.com/prometheus-operator/prometheus-operator@v0.82.0
python=/usr/bin/python3 # Debian's and Ubuntu's own: the package below is for this one
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAIL: $*" >&2; exit 1; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$*"; }; }
promtool() { "$root/hack/responses/promtool.sh" "$@"; }

"$python" -c 'import yaml' 2>/dev/null || "$root/hack/apt.sh" python3-yaml
quietly promtool check rules "$here/rules.yaml"
quietly promtool test rules "$here/rules_test.yaml"
echo "ok: promtool: the rules and their tests"

"$python" "$here/check_names.py" "$here" "$work/dashboard.yaml"
quietly promtool check rules "$work/dashboard.yaml"
echo "ok: promtool: the dashboard's queries"

# Alertmanager's own tool, unpacked and not installed: no service starts.
amtool=$cache/prometheus-alertmanager/usr/bin/amtool
if [ ! -x "$amtool" ]; then
  mkdir -p "$cache"
  scratch=$(mktemp -d "$cache/new.XXXXXX")
  chmod 755 "$scratch"
  (cd "$scratch" && apt-get download -qq -o APT::Sandbox::User=root prometheus-alertmanager) >&2
  dpkg-deb -x "$scratch"/*.deb "$scratch/root"
  rm -rf "$cache/prometheus-alertmanager"
  mv "$scratch/root" "$cache/prometheus-alertmanager"
  rm -rf "$scratch"
fi
quietly "$amtool" check-config "$here/alertmanager.yaml"
routed() { # routed RECEIVERS LABEL...
  local wanted=$1
  shift
  quietly "$amtool" config routes test --config.file "$here/alertmanager.yaml" --verify.receivers="$wanted" "$@"
}
routed owner severity=announce owner=dev-a
routed owner severity=hint owner=dev-a
routed shrinker,owner severity=shrink owner=dev-a
routed platform severity=ticket owner=dev-a
routed platform severity=announce # nobody's
echo "ok: amtool: the configuration, and who gets which alert"

dev=$(dirname "$here")
grep -q "alert: $(sed -n 's/^const shrinkAlert = "\(.*\)"$/\1/p' "$dev/cmd/shrink/webhook.go")\$" "$here/rules.yaml" ||
  fail "the shrinker waits for an alert that rules.yaml does not have"

if [ ! -s "$cache/schemas/podmonitor_v1.json" ]; then
  mkdir -p "$cache/schemas"
  module=$(cd "$cache" && GO111MODULE=on GOFLAGS=-mod=mod GOWORK=off go mod download -json "$operator" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  "$python" "$root/responses/kubernetes-deployment/crd_schema.py" \
    "$module/example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml" "$cache/schemas"
fi
quietly "$root/hack/responses/kubeconform.sh" -schema-location "$cache/schemas/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json" \
  "$here/scrape.yaml" "$dev/cmd/shrink/shrink.yaml"
echo "ok: kubeconform -strict: scrape.yaml, shrink.yaml"
echo "offline: NOT checked: the values for the charts kube-prometheus-stack and dcgm-exporter, and that Grafana draws the dashboard"
