#!/usr/bin/env bash
# Runs the Linux jobs of the ci workflow on this machine, with act:
#
#   hack/workflows.sh              all of them
#   hack/workflows.sh lint e2e     these
#
# The steps run as you, with this machine's tools and Docker engine, in a copy of the files that git
# knows or would add. Actions come from GitHub; where ACTIONS names a folder, from its folders OWNER/NAME.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

workflow=.github/workflows/ci.yml
act=$(go tool -modfile=hack/tools/act/go.mod -n act)
work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT

options=(push --workflows "$workflow" --platform ubuntu-24.04=-self-hosted --matrix os:ubuntu-24.04
  --action-cache-path "$work" --artifact-server-addr 127.0.0.1 --artifact-server-path "$work/artifacts" --env ACT=true)
if [ -n "${ACTIONS:-}" ]; then
  while read -r action; do
    options+=(--local-repository "$action=$(cd "$ACTIONS" && pwd)/${action%@*}")
  done < <(sed -nE 's/.* uses: ([^ .][^ ]*).*/\1/p' "$workflow" | sort -u)
fi

jobs=("$@")
if [ ${#jobs[@]} -eq 0 ]; then
  while read -r job; do jobs+=("$job"); done < <(sed -nE '/^jobs:/,$s/^  ([a-z]+):$/\1/p' "$workflow")
fi
failed=()
for job in "${jobs[@]}"; do
  # One after the other: together they would wait for each other's engine and processors.
  "$act" "${options[@]}" --job "$job" || failed+=("$job")
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "workflows.sh: failed: ${failed[*]}" >&2
  exit 1
fi
