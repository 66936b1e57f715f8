#!/usr/bin/env bash
# Runs the integration specs on every engine that can be had here, and writes the table of engines in
# cmd/dkr-ls/docs/engines.md from their reports. Where they fail on an engine, the page stays as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

page=cmd/dkr-ls/docs/engines.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
report=$work/integration.xml
failed=()

# fact NAME prints what the suite reports about the engine: a value of its report entries, which are JSON.
fact() { sed -n 's/&#34;/"/g; s/.*<property name="\(engine\|list\)" value="\({.*}\)".*/\2/p' "$report" | sed -nE "s/.*\"$1\":\"?([^\",}]+).*/\1/p"; }

# row FROM prints the engine's row of the table.
row() {
  local store passed
  case $(fact Engine)/$(fact Store) in
    Podman*) store="its own" ;;
    */containerd) store=containerd ;;
    *) store="graph driver" ;;
  esac
  passed=$(grep -c '<testcase name="\[It\] .* classname="integration" status="passed"' "$report")
  echo "| $(fact Engine) | $1 | $(fact API) | $store | $(fact UniqueSize) | $passed | $(reasons | wc -l) |" |
    sed 's/| true /| yes /g; s/| false /| no /g; s/  */ /g'
}

# reasons prints why specs were skipped, one line a spec. Those that a label leaves out have no reason.
reasons() { sed -nE 's/.*<skipped message="skipped - ([^"]*)".*/\1/p' "$report" | sed 's/&#xA;.*//; s/&#39;/'\''/g; s/&#34;/"/g'; }

# try FROM IMAGE [STORE] runs the specs on an engine.
try() {
  echo "matrix.sh: $2 ${3:-}" >&2
  if ! JUNIT_DIR=$work DKR_LS_ENGINE_IMAGE=$2 DKR_LS_ENGINE_STORE=${3:-} make integration >&2; then
    failed+=("$2 ${3:-}")
    return
  fi
  row "$1" | tee -a "$work/rows" >&2
  # Where BeforeAll skips, the first spec alone has the reason.
  reasons | sed '/Skip() was called in BeforeAll/d' | sort -u | sed "s/^/- $(fact Engine) leaves out: /" >>"$work/notes"
}

try "Debian 12" "$(hack/engine-image.sh bookworm | tail -n 1)"
try "Debian 13" "$(hack/engine-image.sh trixie | tail -n 1)" graphdriver
try "Debian 13" "$(hack/engine-image.sh trixie | tail -n 1)" containerd
try "Go's module proxy, on Debian 13" "$(hack/engine-image.sh 29 | tail -n 1)"
try "Debian 13" "$(hack/engine-image.sh podman | tail -n 1)"
for name in $(hack/pinned-image.sh | grep ^docker-); do
  image=$(hack/pinned-image.sh "$name")
  if docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >&2; then try "\`${image%@*}\`" "$image"; fi
done

if [ ${#failed[@]} -gt 0 ]; then
  printf 'matrix.sh: failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
{
  printf 'On %s:\n\n' "$(date -u +%F)"
  # shellcheck disable=SC2016
  echo '| engine | from | API | image store | `--unique` | specs passed | left out |'
  echo '|---|---|---|---|---|---|---|'
  cat "$work/rows"
  [ ! -s "$work/notes" ] || { echo && uniq "$work/notes"; }
} >"$work/table"
sed "/<!-- engines -->/,/<!-- end of engines -->/{
  /<!-- engines -->/r $work/table
  /<!-- e/!d
}" "$page" >"$work/page"
cat "$work/page" >"$page"
