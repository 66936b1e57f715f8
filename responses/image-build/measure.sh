#!/usr/bin/env bash
# Measures both Dockerfiles: cold, after a change of the code, after a change of the requirements.
#
#   measure.sh [RUNS]      default 3; about ten minutes each on two cores. Prints every time, and the medians.
#
# times.txt has the times that README.md's table is made of.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
setup
cp -R "$work/context" "$work/unchanged"
base=$(docker image inspect --format '{{.Id}}' "$run:base" | cut -c8-19)

# timed CASE DOCKERFILE [FLAGS...]: builds, and notes the seconds.
timed() {
  local case=$1 dockerfile=$2 start end
  shift 2
  start=$(date +%s.%N)
  build measured "$dockerfile" --build-arg "VERSION=$start" "$@"
  end=$(date +%s.%N)
  printf '%s %s %.1f\n' "${dockerfile#Dockerfile.}" "$case" "$(bc <<<"$end - $start")" | tee -a "$work/times"
}

command -v bc >/dev/null || "$root/hack/apt.sh" bc
for ((i = 0; i < ${1:-3}; i++)); do
  for dockerfile in Dockerfile.inefficient Dockerfile.efficient; do
    rm -rf "$work/context"
    cp -R "$work/unchanged" "$work/context"
    timed cold "$dockerfile" --no-cache
    echo "# changed in run $i" >>"$work/context/app/server.py"
    timed code "$dockerfile"
    cat "$work/context/requirements-python2.txt" >>"$work/context/requirements.txt"
    timed requirements "$dockerfile"
    echo "${dockerfile#Dockerfile.} size $(docker image inspect --format '{{.Size}}' "$run:measured" | numfmt --to=iec)"
    remove_images "$base"
  done
done
echo "medians, in seconds:"
"$here/medians.sh" <"$work/times"
