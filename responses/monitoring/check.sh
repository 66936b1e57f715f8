#!/usr/bin/env bash
# Validates the rules with their tests, the scrape objects, the routing and the dashboard, against the real server's metrics.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=$root/.cache/monitoring
operator=github.com/prometheus-operator/prometheus-operator@v0.82.0
python=/usr/bin/python3 # Debian's and Ubuntu's own: the packages below are for this one
work=$(mktemp -d)
server_pid=
# Waits too: nothing may outlive the check.
trap '[ -z "$server_pid" ] || { kill "$server_pid"; wait "$server_pid" || true; }; rm -rf "$work"' EXIT

fail() { echo "FAIL: $*" >&2; exit 1; }
promtool() { "$root/hack/responses/promtool.sh" "$@"; }

# debian_tool PACKAGE PROGRAM: the program's path; the package is unpacked into the cache, not installed (no service starts).
debian_tool() {
  local package=$1 program=$cache/$1/usr/bin/$2 scratch
  if [ ! -x "$program" ]; then
    mkdir -p "$cache"
    scratch=$(mktemp -d "$cache/new.XXXXXX")
    chmod 755 "$scratch"
    (cd "$scratch" && apt-get download -qq -o APT::Sandbox::User=root "$package") >&2
    dpkg-deb -x "$scratch"/*.deb "$scratch/root"
    rm -rf "${cache:?}/$package"
    mv "$scratch/root" "$cache/$package"
    rm -rf "$scratch"
  fi
  echo "$program"
}

"$python" -c 'import flask, prometheus_client, yaml, gunicorn' 2>/dev/null ||
  "$root/hack/apt.sh" python3-flask python3-prometheus-client python3-yaml python3-gunicorn

promtool check rules "$here/rules.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail rules.yaml; }
promtool test rules "$here/rules_test.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail rules_test.yaml; }
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
  exec "$python" -m gunicorn --log-level warning --access-logfile /dev/null server:server) &
server_pid=$!
curl -fs --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "http://127.0.0.1:$http/" || fail "the server does not answer"
curl -fsS "http://127.0.0.1:$metrics/metrics" >"$work/metrics"
promtool check metrics <"$work/metrics" || fail "the server's metrics"
echo "ok: promtool: the server's metrics"

"$python" "$here/check_dashboard.py" "$here/dashboard.json" "$here/rules.yaml" "$work/metrics" "$work/dashboard-rules.yaml"
promtool check rules "$work/dashboard-rules.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail "a query in dashboard.json"; }
echo "ok: promtool: the dashboard's queries"

amtool=$(debian_tool prometheus-alertmanager amtool)
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

"$(debian_tool prometheus-blackbox-exporter prometheus-blackbox-exporter)" \
  --config.check --config.file="$here/blackbox.yaml" >"$work/log" 2>&1 || { cat "$work/log"; fail blackbox.yaml; }
echo "ok: blackbox exporter: its configuration"

if [ ! -s "$cache/schemas/probe_v1.json" ]; then
  mkdir -p "$cache/schemas"
  module=$(cd "$cache" && GO111MODULE=on GOFLAGS=-mod=mod GOWORK=off go mod download -json "$operator" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  for kind in podmonitors probes; do
    "$python" "$here/../kubernetes-deployment/crd_schema.py" \
      "$module/example/prometheus-operator-crd/monitoring.coreos.com_$kind.yaml" "$cache/schemas"
  done
fi
"$root/hack/responses/kubeconform.sh" -schema-location "$cache/schemas/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json" "$here/scrape.yaml"
echo "ok: kubeconform -strict: scrape.yaml"
echo "offline: NOT checked: that Grafana draws the dashboard, and that the receivers deliver, because neither can be had here"
