#!/usr/bin/env bash
# Tells a client's TLS time from the backend's time, for one HTTPS address.
#
#   where-is-the-time.sh [-n SAMPLES] URL [curl options...]
#
# Run it where the users are, and once more from inside the VPC: the difference is the network.
set -euo pipefail

samples=20
if [ "${1:-}" = -n ]; then samples=$2; shift 2; fi
url=${1:?usage: where-is-the-time.sh [-n SAMPLES] URL [curl options...]}
shift

# All of curl's times count from the start of the transfer, in seconds.
times='%{num_connects} %{time_namelookup} %{time_connect} %{time_appconnect} %{time_pretransfer} %{time_starttransfer} %{time_total}\n'

# phases: the lines of $times as milliseconds of DNS, TCP, TLS, waiting for the first byte, the rest of the body.
phases() {
  awk '{
    opened = $1 > 0
    print 1000 * $2, opened ? 1000 * ($3 - $2) : 0, opened ? 1000 * ($4 - $3) : 0, 1000 * ($6 - $5), 1000 * ($7 - $6)
  }'
}

fresh() {
  local i
  for ((i = 0; i < samples; i++)); do curl -sS -o /dev/null -w "$times" "$@" "$url"; done | phases
}

# One curl, one connection: the first request opens it and is left out.
reused() {
  local i urls=()
  for ((i = 0; i <= samples; i++)); do urls+=(-o /dev/null "$url"); done
  curl -sS -w "$times" "$@" "${urls[@]}" | awk '$1 == 0' | phases
}

# row NAME PHASES OTHERWISE: the median of each column.
row() {
  local column
  printf '%-14s' "$1"
  [ -n "$2" ] || { echo " $3"; return; }
  for column in 1 2 3 4 5; do
    sort -n -k "$column,$column" <<<"$2" | awk -v c="$column" '{ v[NR] = $c } END { printf "%8.1f", v[int((NR + 1) / 2)] }'
  done
  echo
}

again=$(reused "$@") # first, because its failure (name, certificate) is shown and ends the script
tls13=$(fresh --tlsv1.3 "$@" 2>/dev/null || true)
tls12=$(fresh --tls-max 1.2 "$@" 2>/dev/null || true)

printf '%-14s%8s%8s%8s%8s%8s   (ms, median of %s)\n' connection DNS TCP TLS wait body "$samples"
row 'new, TLS 1.3' "$tls13" 'not offered by the server'
row 'new, TLS 1.2' "$tls12" 'not offered by the server'
row 'reused' "$again" 'never: the server closes the connection after each response'
