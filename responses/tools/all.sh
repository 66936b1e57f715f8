#!/usr/bin/env bash
# Checks the answers with real tools: the manifests, the Terraform, what the answers promise (check/), and what a folder's own check.sh
# tries; last the scripts.
#
#   responses/tools/all.sh [SLUG...]      all of it, or these folders
#
# What cannot be checked without the internet is printed as "offline: NOT checked: ...", once more at the end.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=responses/tools
failed=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export PYTHONDONTWRITEBYTECODE=1

# run NAME COMMAND...: one check, with its time; a failure does not stop the others.
run() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  if "$@" 2>&1 | tee -a "$log"; then
    echo "== $name: passed in $((SECONDS - start)) s"
  else
    echo "== $name: FAILED after $((SECONDS - start)) s"
    failed+=("$name")
  fi
}

# answer SLUG: inside `run`, set -e is off, so each failure has to be returned.
answer() {
  local dir=responses/$1 found=()
  if [ "$1" != dev-environments ]; then # its manifests are a chart's, its length is a project's: its check.sh knows
    mapfile -t found < <(grep -rlE --include='*.yaml' '^kind: ' "$dir")
    [ ${#found[@]} -eq 0 ] || "$tools/kubeconform.sh" "${found[@]}" || return 1
    mapfile -t found < <(find "$dir" -name '*.tf' -exec dirname {} + | sort -u)
    [ ${#found[@]} -eq 0 ] || "$tools/tofu.sh" check "${found[@]}" || return 1
    /usr/bin/python3 "$tools/check/check.py" "$dir" || return 1
  fi
  [ ! -e "$dir/check.sh" ] || "$dir/check.sh"
}

scripts() {
  command -v shellcheck >/dev/null || hack/apt.sh shellcheck || return 1
  find responses -name '*.sh' -exec shellcheck --external-sources --source-path=SCRIPTDIR {} +
}

hack/apt.sh python3 python3-yaml
slugs=("$@")
[ $# -gt 0 ] || mapfile -t slugs < <(find responses -mindepth 2 -maxdepth 2 -name README.md -not -path '*/tools/*' | sort | cut -d/ -f2)
for slug in "${slugs[@]}"; do
  run "$slug" answer "$slug"
  grep -q "]($slug/" responses/README.md || { echo "responses/README.md does not name $slug"; failed+=("$slug"); }
done
[ $# -gt 0 ] || run scripts scripts

echo
grep '^offline: NOT checked' "$log" || true
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
echo "all passed in $SECONDS s"
