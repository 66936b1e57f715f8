#!/usr/bin/env bash
# where-is-the-time.sh against a TLS server on loopback whose delays are known, and athena.sql on rows with known answers.
set -euo pipefail
cd "$(dirname "$0")"
../../hack/apt.sh curl openssl python3
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$work/key.pem" -out "$work/ca.pem" 2>/dev/null

# The sums, with a stand-in for curl whose times are known: 10 ms for the name, 20 for TCP, 30 for TLS, 40 of waiting, 50 for the body.
cat >"$work/curl" <<'EOF'
#!/usr/bin/env bash
line='1 0.010 0.030 0.060 0.060 0.100 0.150'
case " $* " in *" --tls-max 1.2 "*) line='1 0.010 0.030 0.080 0.080 0.120 0.170' ;; esac # TLS 1.2: a round trip more
for word; do case $word in https:*) echo "$line"; line='0 0 0 0 0.001 0.071 0.081' ;; esac; done
EOF
chmod +x "$work/curl"
PATH=$work:$PATH ./where-is-the-time.sh -n 1 https://localhost/ | awk '{ print $(NF - 4), $(NF - 3), $(NF - 2), $(NF - 1), $NF }' >"$work/sums"
tail -n 3 "$work/sums" | diff - <(printf '%s\n' '10.0 20.0 30.0 40.0 50.0' '10.0 20.0 50.0 40.0 50.0' '0.0 0.0 0.0 70.0 10.0')
rm "$work/curl"
echo "ok: name, TCP, TLS, waiting and body are told apart, so are both TLS versions; a connection's first request does not count as reused"

# lab HANDSHAKE BACKEND: starts a server with these delays, in seconds, and measures it.
lab() {
  mkfifo "$work/port.$1"
  python3 - "$work" "$@" >"$work/port.$1" <<'EOF' &
import http.server, ssl, sys, time
work, handshake, backend = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        time.sleep(backend)
        self.send_response(204)
        self.end_headers()
    def log_message(self, *_): pass

tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(f"{work}/ca.pem", f"{work}/key.pem")
tls.sni_callback = lambda *_: time.sleep(handshake)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.socket = tls.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
EOF
  server=$!
  read -r port <"$work/port.$1"
  ./where-is-the-time.sh -n 1 "https://localhost:$port/" --cacert "$work/ca.pem" --resolve "localhost:$port:127.0.0.1" >"$work/report"
  kill "$server"
}

# holds CONDITION: of the medians, such as new_TLS: a second of delay has to show where it is, whatever else a busy machine adds.
holds() {
  awk -v OFS= '/^new, TLS 1.3/ { new_TCP = $5; new_TLS = $6; new_wait = $7 } /^reused/ { reused_TLS = $4; reused_wait = $5; n++ }
    END { exit !(n == 1 && ('"$1"')) }' "$work/report" || { cat "$work/report"; echo "not so: $1" >&2; exit 1; }
}
lab 0 1
holds 'new_wait >= 1000 && reused_wait >= 1000 && new_TLS < new_wait && reused_TLS == 0'
echo "ok: a second in the backend is reported as waiting, on new and on reused connections"
lab 1 0
holds 'new_TLS >= 1000 && new_wait < new_TLS && new_TCP < new_TLS && reused_TLS == 0 && reused_wait < new_TLS'
grep -q '^new, TLS 1.2 *[0-9.]* *[0-9.]* *[0-9]\{4,\}' "$work/report"
echo "ok: a second in the handshake is reported as TLS, and is gone on a reused connection"

python3 athena_test.py
echo "ok: athena.sql gives the right numbers for log rows with known answers (in SQLite)"
echo "offline: NOT checked: Athena and the elbv2 command against AWS, because there is no account here"
