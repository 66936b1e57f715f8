#!/usr/bin/env bash
# The job between a real Prometheus and a real PostgreSQL, without a cluster: three days of made-up measurements, recorded twice.
set -euo pipefail
shopt -s inherit_errexit # a failing postgres() below is a failure

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
servers=()
# Waits too: nothing may outlive the check.
trap '[ ${#servers[@]} -eq 0 ] || { kill "${servers[@]}"; wait "${servers[@]}" || true; }; rm -rf "$work"' EXIT
fail() { echo "FAIL: $*" >&2; exit 1; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$*"; }; }

# postgres: its programs' folder. Where it is not installed, Debian's package and the libraries that are missing are unpacked, not
# installed: installing would start a server.
postgres() {
  local installed=(/usr/lib/postgresql/*/bin) cache=$root/.cache/postgresql scratch deb
  if [ -x "${installed[-1]}/initdb" ]; then
    echo "${installed[-1]}"
    return
  fi
  if [ ! -d "$cache" ]; then
    mkdir -p "$root/.cache"
    scratch=$(mktemp -d "$root/.cache/postgresql.XXXXXX")
    chmod 755 "$scratch"
    mkdir -p "$scratch/debs/partial" "$scratch/root"
    local sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    download() {
      "${sudo[@]}" apt-get install -qq --yes --download-only --no-install-recommends -o APT::Sandbox::User=root \
        -o Dir::Cache::archives="$scratch/debs" postgresql >&2
    }
    download || { "${sudo[@]}" apt-get update -qq >&2 && download; }
    for deb in "$scratch"/debs/*.deb; do dpkg-deb -x "$deb" "$scratch/root"; done
    mv -T "$scratch/root" "$cache"
    rm -rf "$scratch"
  fi
  installed=("$cache"/usr/lib/postgresql/*/bin)
  echo "${installed[-1]}"
}

# PostgreSQL refuses to be root.
nobody=()
[ "$(id -u)" -ne 0 ] || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
bin=$(postgres)
if [ -d "$root/.cache/postgresql" ]; then
  LD_LIBRARY_PATH=$(dirname "$(find "$root/.cache/postgresql" -name 'libpq.so.*' -print -quit)")
  export LD_LIBRARY_PATH
fi
mkdir "$work/pg"
[ ${#nobody[@]} -eq 0 ] || chown 65534:65534 "$work/pg"
chmod 711 "$work"
quietly "${nobody[@]}" "$bin/initdb" --pgdata "$work/pg/data" --username postgres --auth trust --encoding UTF8 --locale C --no-sync
"${nobody[@]}" "$bin/postgres" -D "$work/pg/data" -c listen_addresses= -c unix_socket_directories="$work/pg" -c fsync=off >"$work/postgres.log" 2>&1 &
servers+=($!)
export PGHOST=$work/pg PGUSER=postgres PGDATABASE=postgres PGTZ=UTC
for _ in {1..900}; do ! "$bin/pg_isready" -q || break; sleep 0.1; done
quietly "$bin/pg_isready"
psql() { "$bin/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@"; }
sql() { psql --tuples-only --no-align --command "$1"; }

quietly psql --file "$here/schema.sql"
quietly psql --file "$here/schema.sql"
echo "ok: schema.sql loads into $("$bin/postgres" --version), twice"

# What Prometheus would know of 5 to 7 October 2026, a point a minute; and of the 9th, when an environment had lost its team's label.
# day from to namespace environment team owner group cores GiB GPUs, used of each, hours of ssh; "waits": as long before, for a node
"$here/measurements.awk" >"$work/metrics" <<'END'
5 0 24 team-search index    search dev-a general     16  64 0   0.4   9 0     1
6 0 24 team-search index    search dev-a general     16  64 0   0.4   9 0     0
7 0 24 team-search index    search dev-a general     16  64 0   0.4   9 0     0
5 8 18 team-search notebook search dev-b general      4  16 0   2.6  11 0     8
6 9 17 team-search notebook search dev-b general      4  16 0   3.1  12 0     6
5 6 24 team-vision train    vision dev-c gpu          8 128 4   5.2 101 3.2   2
6 0 11 team-vision train    vision dev-c gpu          8 128 4   5.9 118 3.6   3
6 9 17 team-vision try      vision dev-d gpu          8  32 1   0.1   4 0.02  1 waits 9
9 0 24 team-search index    search dev-a general     16  64 0   0.4   9 0     0
9 0 24 team-search orphan   -      dev-b general      4  16 0   1     1 0     0
END
"$root/responses/tools/promtool.sh" --version >/dev/null 2>&1 || fail "no promtool"
quietly "$root/responses/tools/promtool.sh" tsdb create-blocks-from openmetrics "$work/metrics" "$work/tsdb"
touch "$work/prometheus.yml" "$work/prometheus.log"
prometheus=$("$root/responses/tools/debian.sh" prometheus prometheus)
"$prometheus" --config.file "$work/prometheus.yml" --storage.tsdb.path "$work/tsdb" \
  --storage.tsdb.retention.time 100y --web.listen-address 127.0.0.1:0 >"$work/prometheus.log" 2>&1 &
servers+=($!)
for _ in {1..900}; do
  address=$(sed -n 's/.*Listening on.* address=\(127[0-9.:]*\).*/\1/p' "$work/prometheus.log" | head -n 1)
  [ -z "$address" ] || ! curl -fs -o /dev/null "http://$address/-/ready" || break
  sleep 0.1
done
curl -fsS -o /dev/null "http://$address/-/ready" || { cat "$work/prometheus.log" >&2; fail "Prometheus does not start"; }

GOFLAGS="${GOFLAGS:-} -trimpath -buildvcs=false" CGO_ENABLED=0 go -C "$here/.." build -o "$work/record" ./cmd/record
record() { PGUSER=record "$work/record" -prometheus "http://$address" "$@"; }
for day in 5 6 7; do quietly record -day "2026-10-0$day"; done
rows="SELECT xmin, * FROM environment_days ORDER BY day, namespace, environment" # xmin: the transaction that wrote the row
sql "$rows" >"$work/once"
[ "$(wc -l <"$work/once")" -eq 8 ] || { cat "$work/once" >&2; fail "not 8 rows"; }
for day in 5 6 7; do
  record -day "2026-10-0$day" | tee "$work/log" | grep -q ' 0 rows new or changed$' || { cat "$work/log" >&2; fail "a second run writes"; }
done
sql "$rows" | diff "$work/once" - >&2 || fail "a second run changes rows"
echo "ok: the days' 8 rows are the same after a second run"

wanted="2026-10-01 09:30:00+00|debian:13|8.0000|1.0000|64.0000|0.8000|256.0000|32.0000|4.0000|8.0000|0.1600"
got=$(sql "SELECT asked_at, image_base, running_hours, session_hours, core_hours_requested, core_hours_used, gib_hours_requested,
           gib_hours_used, gib_peak, gpu_hours_requested, gpu_hours_used FROM environment_days WHERE environment = 'try'")
[ "$got" = "$wanted" ] || fail "the environment try: $got, not $wanted"
echo "ok: a row is its hours times its cores, GiB and GPUs, without the nine hours it waited for a node"

# refused LINE ARGUMENTS...: the job fails with this line, and leaves every row as it is.
refused() {
  local line=$1
  shift
  ! record "$@" >"$work/log" 2>&1 || fail "accepted: $line"
  [ "$(cat "$work/log")" = "record: $line" ] || { cat "$work/log" >&2; fail "not: $line"; }
  sql "$rows" | diff "$work/before" - >&2 || fail "refused, but written: $line"
}
sql "UPDATE environment_days SET running_hours = 12 WHERE environment = 'notebook' AND day = '2026-10-06'"
sql "$rows" >"$work/before"
refused "2026-10-06: team-search/notebook has 12 running hours on record, and Prometheus knows of 8; try: -incomplete if Prometheus is right; nothing is written" \
  -day 2026-10-06
refused "2026-10-08: kube-state-metrics was not watched for 23h55m0s; try again later, or -incomplete if it is lost; nothing is written" -day 2026-10-08
refused "2026-10-09: ERROR: new row for relation \"environment_days\" violates check constraint \"environment_days_team_check\" (SQLSTATE 23514); nothing is written" \
  -day 2026-10-09
refused "$(date -u +%F) is not over; try: -unfinished" -day "$(date -u +%F)"
quietly record -day 2026-10-06 -incomplete
sql "${rows/xmin, \*/running_hours}" | grep -q 12 && fail "-incomplete does not write"
echo "ok: less than on record, a day nobody watched, a row that is no row, a day that is not over: refused, all rows as they were"

denied() {
  ! sql "SET ROLE $1; $2" 2>"$work/log" || fail "$1 may: $2"
  grep -q 'permission denied' "$work/log" || { cat "$work/log" >&2; fail "$1: $2"; }
}
denied managers "UPDATE environment_days SET owner = 'dev-b'"
denied record "DELETE FROM environment_days"
sql "SET ROLE managers; SELECT 1 FROM environment_days LIMIT 1" >/dev/null
echo "ok: managers only read, the job does not delete"

psql -v month=2026-10-01 -v core=0.03 -v gib=0.004 -v gpu=2.50 --file "$here/queries.sql" | sed 's/ *$//' >"$work/answers"
fence=$(printf '\x60\x60\x60')
sed -n "/^${fence}text\$/,/^$fence\$/p" "$here/README.md" | grep -v "^$fence" | diff - <(sed '$d' "$work/answers") >&2 || fail "README.md shows other answers"
echo "ok: queries.sql answers what README.md shows"
echo "offline: NOT checked: the job's image and its TLS connection to PostgreSQL, because there is neither registry nor such a server"
