#!/usr/bin/env bash
# Tells a client's TLS time from the backend's time, for one HTTPS address.
#
#   where-is-the-time.sh [-n SAMPLES] [-r REQUESTS_PER_CONNECTION] URL [curl options...]
#
# Run it where the users are, and once more from inside the VPC: the difference is the network.
# -r comes from CloudWatch (RequestCount / NewConnectionCount, see cloudwatch-queries.json); with it the
# handshake is spread over the requests that share a connection.
set -euo pipefail

samples=20
per_connection=1
while getopts n:r: option; do
  case $option in
    n) samples=$OPTARG ;;
    r) per_connection=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
url=${1:?usage: where-is-the-time.sh [-n SAMPLES] [-r REQUESTS_PER_CONNECTION] URL [curl options...]}
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

# median COLUMN PHASES
median() { sort -n -k "$1,$1" <<<"$2" | awk -v c="$1" '{ v[NR] = $c } END { printf "%.1f", v[int((NR + 1) / 2)] }'; }

row() {
  local column
  printf '%-14s' "$1"
  if [ -z "$2" ]; then echo " $3"; return; fi
  for column in 1 2 3 4 5; do printf '%8s' "$(median "$column" "$2")"; done
  echo
}

again=$(reused "$@") # first, because its failure (name, certificate) is shown and ends the script
tls13=$(fresh --tlsv1.3 "$@" 2>/dev/null || true)
tls12=$(fresh --tls-max 1.2 "$@" 2>/dev/null || true)

printf '%-14s%8s%8s%8s%8s%8s   (ms, median of %s)\n' connection DNS TCP TLS wait body "$samples"
row 'new, TLS 1.3' "$tls13" 'not offered by the server'
row 'new, TLS 1.2' "$tls12" 'not offered by the server'
row 'reused' "$again" 'never: the server closes the connection after each response'

# A TCP connect takes one round trip. So does waiting for the first byte, plus load balancer and backend.
new=${tls13:-$tls12}
awk -v rtt="$(median 2 "$new")" -v wait="$(median 4 "${again:-$new}")" -v tls="$(median 3 "$new")" -v n="$per_connection" 'BEGIN {
  backend = wait > rtt ? wait - rtt : 0
  share = tls / n
  printf "\nbackend, with load balancer: %.1f ms a request\n", backend
  printf "TLS: %.1f ms a new connection, %.1f ms a request at %s requests a connection\n", tls, share, n
  printf "TLS is %.0f%% of the two\n", 100 * share / (share + backend + 0.001)
}'
