#!/usr/bin/env bash
# Tries an image that is built: try.sh toolbox:built
set -euo pipefail
image=$1
name=try-$$
trap 'docker rm -f "$name" >/dev/null 2>&1 || true' EXIT

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }
in_image() { docker run --rm --network none --read-only --tmpfs /tmp --cap-drop ALL "$image" "$@"; }
expect() { # expect TEXT WANTED COMMAND...
  local text=$1 wanted=$2 got
  shift 2
  got=$(in_image "$@") || fail "$text"
  [ "$got" = "$wanted" ] || fail "$text: got $got"
  ok "$text: $got"
}
expect "Python 2 and its package" "2.7.18 1.17.0" \
  python2 -c 'import sys, six, ctypes, sqlite3, zlib, bz2, pyexpat; print("%d.%d.%d %s" % (sys.version_info[:3] + (six.__version__,)))'
expect "R and its package" '{"a":1}' Rscript -e 'cat(jsonlite::toJSON(list(a = 1), auto_unbox = TRUE))'
expect "Python 3 comes from the locked environment" /opt/venv/bin/python3 python3 -c 'import sys, flask; print(sys.executable)'
expect "runs as" "10001 10001" python3 -c 'import os; print(os.getuid(), os.getgid())'
if in_image python2 -c 'import ssl' 2>/dev/null; then fail "Python 2 has TLS"; fi
for tool in gcc make pip pip3; do
  if in_image sh -c "command -v $tool" >/dev/null; then fail "$tool is in the image"; fi
done
ok "Python 2 cannot speak TLS; no compiler and no pip in the image"
behind=$(docker run --rm --user root --network host "$image" sh -c 'apt-get update -qq && apt-get -s upgrade' | grep -c '^Inst ' || true)
ok "packages behind Debian's archive: $behind"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
metrics=$(free_port)
docker run -d --name "$name" --network host --read-only --cap-drop ALL --security-opt no-new-privileges \
  -e "BIND=127.0.0.1:$port" -e "METRICS_BIND=127.0.0.1:$metrics" "$image" >/dev/null
answer=$(curl -fs --retry 30 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$port/") || { docker logs "$name" >&2; fail "no answer"; }
[[ $answer = '{"service":"toolbox","version":"'* ]] || fail "answered $answer"
curl -fsS "http://127.0.0.1:$metrics/metrics" | grep -q '^http_requests_total{code="200",method="GET",route="/"} 1' || fail "the metric"
SECONDS=0
docker stop -t 30 "$name" >/dev/null
[ "$SECONDS" -lt 15 ] || fail "the server did not end on SIGTERM"
ok "the server answers and counts, read-only, without capabilities, and ends on SIGTERM in ${SECONDS} s"
