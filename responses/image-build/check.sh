#!/usr/bin/env bash
# The quick checks: the server, the locks, and that both Dockerfiles install the same. The build itself: try.sh, measure.sh.
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
ok "requirements.in is in the lock"

# The measured difference must come from order and stages alone: the same packages, the same source, the same build.
words() { # words DOCKERFILE: Debian packages, and the steps of Python 2's build
  sed -e '/^ *#/d' "$1" | tr -s ' \\\n' '\n' |
    grep -E '^(build-essential|dpkg-dev|lib[a-z0-9.-]+|zlib1g[a-z-]*|python2\.7=.*|python3[a-z-]*|r-[a-z-]+|tini|--(with-system|without-ensurepip|prefix|enable|only-binary|require)[-a-z0-9=/.:]*)$' |
    grep -v '\.a$' | sort -u
}
# Only the runtime stage of the efficient one names the libraries: in the other the -dev packages bring them.
diff <(words "$here/Dockerfile.inefficient") <(words "$here/Dockerfile.efficient" | grep -vE '^(libbz2-1\.0|libexpat1|libffi8|libsqlite3-0|zlib1g)$') ||
  fail "the Dockerfiles install different things"
ok "both Dockerfiles install the same packages with the same options"

# The table and the lead have the medians of what was measured, of three runs at least.
median() { "$here/medians.sh" <"$here/times.txt" | sed -n "s/^$1 $2 \([0-9]*\) of [3-9]$/\1/p"; }
while IFS='|' read -r case text; do
  row="| $text | $(median inefficient "$case") | $(median efficient "$case") |"
  grep -qxF "$row" "$here/README.md" || fail "README.md has no line: $row"
done <<'EOF'
cold|cold, without any cache
code|after a change of the code
requirements|after a change of the requirements
EOF
lead="$(median efficient code) s instead of $(median inefficient code) s"
grep -qF "$lead" "$here/README.md" || fail "README.md does not say: $lead"
ok "README.md: the times are the medians of three runs"
echo "offline: NOT checked here: the build, because it takes minutes: try.sh; its times: measure.sh"
