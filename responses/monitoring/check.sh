#!/usr/bin/env bash
# Validates the rules with their tests, the scrape objects, the routing, the check from outside and the dashboard, against the
# real server's metrics.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=/usr/bin/python3 # Debian's and Ubuntu's own: the packages below are for this one
work=$(mktemp -d)
server_pid=
# Waits too: nothing may outlive the check.
trap '[ -z "$server_pid" ] || { kill "$server_pid"; wait "$server_pid" || true; }; rm -rf "$work"' EXIT

fail() { echo "FAIL: $*" >&2; exit 1; }
promtool() { "$root/responses/tools/promtool.sh" "$@"; }
debian() { "$root/responses/tools/debian.sh" "$@"; }

"$python" -c 'import flask, prometheus_client, yaml, gunicorn' 2>/dev/null ||
  "$root/hack/apt.sh" python3-flask python3-prometheus-client python3-yaml python3-gunicorn

# promtool knows rules, and not the object that the operator takes them from.
"$python" -c 'import sys, yaml; yaml.safe_dump(yaml.safe_load(open(sys.argv[1]))["spec"], open(sys.argv[2], "w"))' "$here/rules.yaml" "$work/rules.yaml"
cp "$here/rules_test.yaml" "$work"
promtool check rules "$work/rules.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail rules.yaml; }
promtool test rules "$work/rules_test.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail rules_test.yaml; }
echo "ok: promtool: the rules and their tests"
alerts=$(grep -o 'alert: .*' "$here/rules.yaml" | sort -u)
for alert in ${alerts//alert: /}; do
  grep -q "alertname: $alert\$\|alertname: $alert," "$here/rules_test.yaml" || fail "no test for $alert"
done
echo "ok: every alert has a test"

# The real server, on loopback.
port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
http=$(port)
metrics=$(port)
(cd "$here/../image-build/app" && PYTHONDONTWRITEBYTECODE=1 BIND=127.0.0.1:$http METRICS_BIND=127.0.0.1:$metrics \
  exec "$python" -m gunicorn server:server) >"$work/stdout" 2>"$work/stderr" &
server_pid=$!
curl -fs --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "http://127.0.0.1:$http/" || { cat "$work/stderr" >&2; fail "the server does not answer"; }
curl -fsS "http://127.0.0.1:$metrics/metrics" >"$work/metrics"
promtool check metrics <"$work/metrics" || fail "the server's metrics"
echo "ok: promtool: the server's metrics"
grep -q '"GET / HTTP/1.1" 200' "$work/stdout" || fail "the request is not in the server's log on stdout"
echo "ok: the server logs each request to stdout, where the cluster's collector takes it from"

"$python" "$here/check_dashboard.py" "$here/dashboard.json" "$here/rules.yaml" "$work/metrics" "$work/dashboard-rules.yaml"
promtool check rules "$work/dashboard-rules.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail "a query in dashboard.json"; }
echo "ok: promtool: the dashboard's queries"

amtool=$(debian prometheus-alertmanager amtool)
"$amtool" check-config "$here/alertmanager.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail alertmanager.yaml; }
routed() { # routed RECEIVER LABEL...
  local wanted=$1
  shift
  "$amtool" config routes test --config.file "$here/alertmanager.yaml" --verify.receivers="$wanted" "$@" >/dev/null 2>&1 ||
    fail "$* does not go to $wanted"
}
routed on-call severity=page alertname=ToolboxUnreachable
routed tickets severity=ticket alertname=ToolboxRestarts
routed heartbeat severity=none alertname=Watchdog
echo "ok: amtool: the configuration, and who gets which alert"

"$(debian prometheus-blackbox-exporter prometheus-blackbox-exporter)" \
  --config.check --config.file="$here/blackbox.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail blackbox.yaml; }
echo "ok: blackbox exporter: its configuration"

"$root/responses/tools/kubeconform.sh" "$here/scrape.yaml" "$here/rules.yaml"
echo "ok: kubeconform -strict: scrape.yaml, rules.yaml"
"$python" "$here/check_selected.py" "$here"

"$root/responses/tools/tofu.sh" check "$here/outside"
echo "ok: OpenTofu: the check from outside, with its test"
echo "offline: NOT checked: that Grafana draws the dashboard, and that the receivers deliver, because neither can be had here"
