#!/usr/bin/env bash
# The quick checks: the server, the locks, the Dockerfiles, the table. The build itself: the workflow, or README.md's command
# and then try.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=/usr/bin/python3 # Debian's and Ubuntu's own: the packages below are for this one

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

"$python" -c 'import flask, prometheus_client' 2>/dev/null || "$root/hack/apt.sh" python3-flask python3-prometheus-client
"$python" "$here/server_test.py" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "the server"; }
ok "the server: $(grep -o 'Ran .* tests' "$work/log")"

for lock in requirements.txt requirements-python2.txt; do
  # Comments away, continued lines joined: then each line is name==version --hash=...
  sed -e '/^#/d' -e ':a' -e '/\\$/{N;s/\\\n *//;ba' -e '}' "$here/$lock" >"$work/lines"
  if grep -vE '^[a-z0-9-]+==[0-9.]+( --hash=sha256:[0-9a-f]{64})+$' "$work/lines"; then fail "$lock: not pinned and hashed"; fi
  ok "$lock: all $(wc -l <"$work/lines") packages are pinned and hashed"
done
while read -r name; do
  grep -q "^$name==" "$here/requirements.txt" || fail "$name of requirements.in is not in the lock"
done <"$here/requirements.in"
"$python" "$here/check_dockerfiles.py" "$here"
echo "offline: NOT checked here: the build and its times, because they take minutes: the workflow, try.sh, measure.sh"
