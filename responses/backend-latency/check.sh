#!/usr/bin/env bash
# Checks this answer's artifacts on a local TLS server whose delays are known. Loopback only.
set -euo pipefail
cd "$(dirname "$0")"

for tool in curl openssl python3; do
  command -v "$tool" >/dev/null || ../../hack/apt.sh "$tool"
done
work=$(mktemp -d)
server=
stop() { if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; server=; }
trap 'stop; rm -rf "$work"' EXIT
(cd .. && go build -o "$work/lab" ./backend-latency/lab)

# start_lab FLAGS...: sets url.
start_lab() {
  stop
  : >"$work/address"
  "$work/lab" -ca "$work/ca.pem" "$@" >"$work/address" &
  server=$!
  for _ in $(seq 100); do [ -s "$work/address" ] && break; sleep 0.1; done
  url=$(cat "$work/address")
}

measure() { ./where-is-the-time.sh -n 7 "$@" "$url" --cacert "$work/ca.pem" >"$work/report"; }

# between NAME LOW HIGH SED: a number of the report within its bounds, with room for a busy machine.
between() {
  local value
  value=$(sed -n "s/$4/\1/p" "$work/report")
  awk -v v="$value" -v low="$2" -v high="$3" 'BEGIN { exit !(v != "" && v >= low && v <= high) }' ||
    { cat "$work/report"; echo "$1 is '$value', not between $2 and $3"; exit 1; }
}
backend='^backend.*: \([0-9.]*\) ms a request$'
handshake='^TLS: \([0-9.]*\) ms a new connection.*'
share='^TLS is \([0-9]*\)% .*'

start_lab -backend 200ms
measure
between backend 195 260 "$backend"
between handshake 0 100 "$handshake"
between 'share of TLS' 0 33 "$share"
echo "ok: 200 ms in the backend is reported as backend"

start_lab -handshake 200ms
measure
between backend 0 60 "$backend"
between handshake 195 300 "$handshake"
between 'share of TLS' 67 100 "$share"
between 'TLS on reused connections' 0 0 '^reused  *[0-9.]*  *[0-9.]*  *\([0-9.]*\) .*'
new='^new, TLS 1.3  *[0-9.]*'
between 'TCP of new connections' 0 60 "$new  *\([0-9.]*\) .*"
between 'wait of new connections' 0 60 "$new  *[0-9.]*  *[0-9.]*  *\([0-9.]*\) .*"
echo "ok: 200 ms in the handshake is reported as TLS, and is gone on a reused connection"

start_lab -handshake 200ms -backend 200ms
measure -r 20
between 'share of TLS' 2 15 "$share"
echo "ok: the same handshake is a small share once 20 requests use a connection"

# The two other commands of the answer: what was negotiated, and the certificate's key.
for key in ecdsa:256 rsa:2048; do
  start_lab -key "${key%:*}"
  address=${url#https://}
  openssl s_client -connect "${address%/}" -CAfile "$work/ca.pem" </dev/null >"$work/report" 2>/dev/null
  grep -q "Server public key is ${key#*:} bit" "$work/report"
  grep -q '^New, TLSv1.3' "$work/report"
done
openssl s_client -connect "${address%/}" -CAfile "$work/ca.pem" -tls1_2 </dev/null 2>/dev/null | grep -q '^New, TLSv1.2'
echo "ok: openssl s_client tells protocol and key of an ECDSA and of an RSA certificate"

python3 athena_test.py
echo "ok: athena.sql gives the right numbers for log rows with known answers (in SQLite)"

python3 - <<'EOF'
import json
queries = json.load(open("cloudwatch-queries.json"))
ids = {q["Id"] for q in queries}
assert len(ids) == len(queries), "ids must differ"
for q in queries:
    assert ("MetricStat" in q) != ("Expression" in q), q["Id"]
    for word in q.get("Expression", "").split(" / "):
        assert not word or word in ids, word
EOF
echo "ok: cloudwatch-queries.json is well-formed and its expression refers to its own queries"
echo "offline: NOT checked: backend latency: Athena, CloudWatch and elbv2 commands against AWS, because there is no account here"
