#!/usr/bin/env bash
# Validates everything under responses/: runs each folder's check.sh, lints the scripts, checks the links and the
# answers' length.
#
#   responses/tools/all.sh              all of it
#   responses/tools/all.sh SLUG...      only these folders' check.sh
#
# A check.sh prints a line a check ("ok: ...") and, for what cannot be checked without the internet,
# "offline: NOT checked: ...". Those lines are repeated at the end, so that a green run does not hide them.
set -euo pipefail
cd "$(dirname "$0")/../.."

failed=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT

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

lint_scripts() {
  local script scripts=()
  command -v shellcheck >/dev/null || hack/apt.sh shellcheck || return 1
  while read -r script; do scripts+=("$script"); done < <(find responses -name '*.sh')
  # Inside `if`, set -e is off: each failure has to be returned.
  shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}" || return 1
  echo "ok: shellcheck, ${#scripts[@]} scripts"
}

# The answers that are written as a message: short, with one table. What else is worth keeping is in their NOTES.md.
messages=(
  ecr-replication lunchsharing backend-latency
  dockerfile-review ecr-cross-account quorum-zones skewed-service-load node-updates terraform-remote-state replicas-for-99
  image-build cve-scan kubernetes-deployment image-ci monitoring
)

check_form() {
  local slug files=()
  for slug in "${messages[@]}"; do files+=("$PWD/responses/$slug/README.md"); done
  go -C responses/tools run ./form "${files[@]}"
}

# Each folder has an answer, and the index names each folder.
check_index() {
  local dir slug status=0 count=0
  for dir in responses/*/; do
    slug=$(basename "$dir")
    [ "$slug" != tools ] || continue
    [ -f "$dir/README.md" ] || { echo "no README.md in $dir"; status=1; }
    grep -q "]($slug/" responses/README.md || { echo "responses/README.md does not name $slug"; status=1; }
    count=$((count + 1))
  done
  [ "$status" -ne 0 ] || echo "ok: index names all $count folders"
  return "$status"
}

if [ $# -gt 0 ]; then
  for slug in "$@"; do run "$slug" "responses/$slug/check.sh"; done
else
  for check in responses/*/check.sh; do run "$(basename "$(dirname "$check")")" "$check"; done
  run index check_index
  run form check_form
  run links go -C responses/tools run ./links ..
  run scripts lint_scripts
fi

echo
grep '^offline: NOT checked' "$log" || true
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
echo "all passed in $SECONDS s"
