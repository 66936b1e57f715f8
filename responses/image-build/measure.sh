#!/usr/bin/env bash
# Measures both Dockerfiles: cold, after a change of the code, after a change of the requirements. Removes nothing.
#
#   measure.sh [docker build's flags]      about ten minutes on two cores; prints lines as in times.txt
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for dockerfile in inefficient efficient; do
  cp -R "$here/." "$work/$dockerfile"
  timed() { # timed CASE [FLAGS...]
    local case=$1 start=$EPOCHREALTIME
    shift
    docker build -q -t "measured:$dockerfile" -f "$work/$dockerfile/Dockerfile.$dockerfile" --build-arg "VERSION=$start" "$@" "$work/$dockerfile" >/dev/null
    awk -v name="$dockerfile $case" -v start="$start" -v end="$EPOCHREALTIME" 'BEGIN { printf "%s %.1f\n", name, end - start }'
  }
  timed cold --no-cache "$@"
  echo "# changed" >>"$work/$dockerfile/app/server.py"
  timed code "$@"
  cat "$here/requirements-python2.txt" >>"$work/$dockerfile/requirements.txt"
  timed requirements "$@"
done
