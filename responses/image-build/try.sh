#!/usr/bin/env bash
# Builds the image once and tries it. It takes some minutes: Python 2 is compiled.
#
#   try.sh [ARCHIVE]      ARCHIVE: where to save the image (docker save), for example for a scan
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
setup

# Stages by name, so that they are removed at the end.
build packages Dockerfile.efficient --target packages
docker run --rm "$run:packages" /opt/venv/bin/python -c 'import flask, gunicorn, prometheus_client' || fail "the locked packages"
build python2 Dockerfile.efficient --target python2
build image Dockerfile.efficient --build-arg VERSION=try
if [ $# -gt 0 ]; then
  # Under the pipeline's name: the VEX document names it. An image that has it already keeps it.
  before=$(docker image inspect --format '{{.Id}}' toolbox:built 2>/dev/null || true)
  docker tag "$run:image" toolbox:built
  docker save toolbox:built -o "$1"
  if [ -n "$before" ]; then docker tag "$before" toolbox:built; else docker rmi toolbox:built >/dev/null; fi
  ok "saved as $1"
fi
ok "builds: $(docker image inspect --format '{{.Size}}' "$run:image" | numfmt --to=iec), of that the base $(docker image inspect --format '{{.Size}}' "$run:base" | numfmt --to=iec)"
# The build stops at a patch that does not apply, so the list is what was applied.
patches=$(docker run --rm "$run:python2" sh -c 'grep -c "^CVE-" /build/python2.7-2.7.18/debian/patches/series.in')
ok "Python 2 is built with Debian's $patches CVE patches"

behind=$(docker run --rm --user root --network host "$run:image" sh -c 'apt-get update -qq && apt-get -s upgrade' | grep -c '^Inst ' || true)
ok "packages behind Debian's archive: $behind"

in_image() { docker run --rm --network none --read-only --tmpfs /tmp --cap-drop ALL "$run:image" "$@"; }
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
ok "Python 2 cannot speak TLS"
for tool in gcc make pip pip3; do
  if in_image sh -c "command -v $tool" >/dev/null; then fail "$tool is in the image"; fi
done
ok "no compiler and no pip in the image"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
metrics=$(free_port)
docker run -d --name "$run" --network host --read-only --cap-drop ALL --security-opt no-new-privileges \
  -e "BIND=127.0.0.1:$port" -e "METRICS_BIND=127.0.0.1:$metrics" "$run:image" >/dev/null
answer=$(curl -fs --retry 30 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$port/") || { docker logs "$run" >&2; fail "no answer"; }
[ "$answer" = '{"service":"toolbox","version":"try"}' ] || fail "answered $answer"
curl -fsS "http://127.0.0.1:$metrics/metrics" | grep -q '^http_requests_total{code="200",method="GET",route="/"} 1' || fail "the metric"
ok "the server answers and counts, read-only, without capabilities"
SECONDS=0
docker stop -t 30 "$run" >/dev/null
[ "$SECONDS" -lt 10 ] || fail "the server did not end on SIGTERM"
ok "the server ends on SIGTERM in ${SECONDS} s"
docker rm "$run" >/dev/null

stops_in() { # stops_in GRACE ARG...: runs a container, and sets $stopped to the seconds that its stop takes
  local grace=$1
  shift
  docker run -d --name "$run" --network none "$@" >/dev/null
  sleep 1
  SECONDS=0
  docker stop -t "$grace" "$run" >/dev/null
  stopped=$SECONDS
  docker rm "$run" >/dev/null
}
stops_in 12 "$run:image" sleep infinity
[ "$stopped" -lt 10 ] || fail "sleep infinity did not end on SIGTERM"
ok "args: sleep infinity, under tini, ends on SIGTERM in $stopped s"
stops_in 12 --entrypoint sleep "$run:image" infinity
[ "$stopped" -ge 12 ] || fail "sleep as PID 1 ended on SIGTERM"
ok "command: sleep infinity, without tini, waits for the kill after 12 s"
