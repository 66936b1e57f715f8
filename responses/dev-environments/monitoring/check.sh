#!/usr/bin/env bash
# The rules with their tests, the dashboard, the routes and the scrape objects, without a cluster.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dev=$(dirname "$here")
root=$(cd "$dev/../.." && pwd)
python=/usr/bin/python3 # Debian's and Ubuntu's own: the package below is for this one
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAIL: $*" >&2; exit 1; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$*"; }; }
promtool() { "$root/responses/tools/promtool.sh" "$@"; }

"$python" -c 'import yaml' 2>/dev/null || "$root/hack/apt.sh" python3-yaml
quietly promtool check rules "$dev/deploy/rules/environments.yaml"
quietly promtool test rules "$here/rules_test.yaml"
echo "ok: promtool: the rules and their tests"

"$python" "$here/check_names.py" "$here" "$work/dashboard.yaml"
quietly promtool check rules "$work/dashboard.yaml"
echo "ok: promtool: the dashboard's queries"

amtool=$("$root/responses/tools/debian.sh" prometheus-alertmanager amtool)
quietly "$amtool" check-config "$here/alertmanager.yaml"
routed() { # routed RECEIVERS LABEL...
  local wanted=$1
  shift
  quietly "$amtool" config routes test --config.file "$here/alertmanager.yaml" --verify.receivers="$wanted" "$@"
}
routed owner severity=announce owner=dev-a
routed owner severity=hint owner=dev-a
routed sleeper,owner severity=sleep owner=dev-a
routed platform severity=ticket owner=dev-a
routed platform severity=announce # nobody's
echo "ok: amtool: the configuration, and who gets which alert"

while read -r alert; do
  grep -q "alert: $alert\$" "$dev/deploy/rules/environments.yaml" || fail "the sleeper waits for an alert that there is not: $alert"
done < <(sed -nE 's/^\t(idle|expired)Alert += "(.*)"$/\2/p' "$dev/cmd/sleep/webhook.go")

# The chart's own values.
release=kube-prometheus-stack-$(sed -nE '1s/.*\(([0-9.]+)\).*/\1/p' "$here/kube-prometheus-stack.yaml")
if "$dev/test/github.sh" prometheus-community/helm-charts "$release" charts/kube-prometheus-stack/values.yaml >"$work/values.yaml" 2>/dev/null; then
  "$python" "$here/check_chart.py" "$here" "$work/values.yaml"
else
  echo "offline: NOT checked: the values for kube-prometheus-stack; try: CLONES=DIR, with a clone of prometheus-community/helm-charts"
fi
echo "offline: NOT checked: the values for the chart dcgm-exporter, and that Grafana draws the dashboard"
