#!/usr/bin/env bash
# Validates the rules with their tests, the scrape objects, the probe and the routing, against the real server's metrics.
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
part() { "$python" -c 'import sys, yaml; o = yaml.safe_load(sys.stdin); [o := o[k] for k in sys.argv[1:]]; print(yaml.safe_dump(o))' "$@"; }

"$python" -c 'import flask, prometheus_client, yaml, gunicorn' 2>/dev/null ||
  "$root/hack/apt.sh" python3-flask python3-prometheus-client python3-yaml python3-gunicorn

part spec <"$here/rules.yaml" >"$work/rules.yaml"
cp "$here/rules_test.yaml" "$work"
promtool check rules "$work/rules.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail rules.yaml; }
promtool test rules "$work/rules_test.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail rules_test.yaml; }
echo "ok: promtool: the rules and their tests"
while read -r alert; do
  grep -A 1 "alertname: $alert\$" "$here/rules_test.yaml" | grep -q exp_alerts: || fail "no test in which $alert rings"
done < <(sed -n 's/.* alert: //p' "$here/rules.yaml")
echo "ok: every alert rings in a test"

# The real server, on loopback.
port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
http=$(port)
metrics=$(port)
(cd "$here/../image-build/app" && PYTHONDONTWRITEBYTECODE=1 BIND=127.0.0.1:$http METRICS_BIND=127.0.0.1:$metrics \
  exec "$python" -m gunicorn server:server) >"$work/stdout" 2>"$work/stderr" &
server_pid=$!
curl -fs --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "http://127.0.0.1:$http/" || { cat "$work/stderr" >&2; fail "the server does not answer"; }
curl -fsS "http://127.0.0.1:$http/healthz" >"$work/health"
curl -fsS "http://127.0.0.1:$metrics/metrics" >"$work/metrics"
promtool check metrics <"$work/metrics" || fail "the server's metrics"
"$python" "$here/check_names.py" "$here" "$work/metrics" "$work/health"

part alertmanager config <"$here/alertmanager.yaml" >"$work/alertmanager.yaml"
amtool=$(debian prometheus-alertmanager amtool)
"$amtool" check-config "$work/alertmanager.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail alertmanager.yaml; }
routed() { # routed RECEIVER LABEL...
  local wanted=$1
  shift
  "$amtool" config routes test --config.file "$work/alertmanager.yaml" --verify.receivers="$wanted" "$@" >/dev/null 2>&1 ||
    fail "$* does not go to $wanted"
}
routed on-call severity=page alertname=ToolboxUnreachable
routed tickets severity=ticket alertname=ToolboxErrorsSlow
routed tickets severity=critical alertname=KubeDeploymentReplicasMismatch
routed heartbeat severity=none alertname=Watchdog
routed nobody severity=none alertname=InfoInhibitor
echo "ok: amtool: the configuration, and who gets which alert"

part config <"$here/blackbox.yaml" >"$work/blackbox.yaml"
"$(debian prometheus-blackbox-exporter prometheus-blackbox-exporter)" \
  --config.check --config.file="$work/blackbox.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail blackbox.yaml; }
echo "ok: blackbox exporter: its configuration"
echo "offline: NOT checked: that the charts take the values, that the receivers deliver, a check from outside"
