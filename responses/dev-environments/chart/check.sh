#!/usr/bin/env bash
# The chart, the workflow and the command, without a cluster: what is offered, what is refused, and with which words.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dev=$(dirname "$here")
root=$(cd "$dev/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

bin=$root/.cache/dev-environments/bin
"$dev/cluster/tools.sh" "$bin" helm >&2
export PATH=$bin:$PATH

chosen=(--set 'owner=dev-a,team=web,image.tag=debian-13-1,image.packages={jq,g++}')
template() { helm template try "$here" --namespace team-web "${chosen[@]}" "$@"; }
all=(--set "gpu=2,group=gpu,pinned=true,credentials.secretName=database,imagePullSecrets={registry}")

helm lint --quiet --strict "$here" --namespace team-web "${chosen[@]}" >"$work/log" || { cat "$work/log" >&2; fail "helm lint"; }
template >"$work/small.yaml"
template "${all[@]}" >"$work/all.yaml"
"$root/hack/responses/kubeconform.sh" "$work" >"$work/log" || { cat "$work/log" >&2; fail "kubeconform"; }
ok "helm lint, and kubeconform -strict: $(tail -n 1 "$work/log")"

count=0
# refused MESSAGE VALUES...: Helm prints exactly this line for them.
refused() {
  local message=$1
  shift
  if template "$@" >/dev/null 2>"$work/log"; then fail "not refused: $*"; fi
  sed -E "s/^ *- at '/'/; s/^Error: execution error at \([^)]*\): //" "$work/log" | grep -qxF -- "$message" ||
    { cat "$work/log" >&2; fail "$*: it should say: $message"; }
  count=$((count + 1))
}
refused "'/image/base': value must be one of 'debian-13', 'python-3.13', 'node-24', 'go-1.26', 'cuda-13'" --set image.base=windows-11
refused "'/image/packages/0': 'jq;id' does not match pattern '^[a-z0-9][a-z0-9+.-]*[a-z0-9+]\$'" --set 'image.packages={jq;id}'
refused "'/cpu': value must be one of 1, 2, 4, 8, 16, 32" --set cpu=3
refused "'/cpu': value must be one of 1, 2, 4, 8, 16, 32" --set-string cpu=4
refused "'/memory': value must be one of '2Gi', '4Gi', '8Gi', '16Gi', '32Gi', '64Gi', '128Gi', '256Gi'" --set memory=1Ti
refused "'/group': value must be one of 'high-memory', 'gpu'" --set memory=256Gi
refused "'/group': value must be one of 'general', 'high-memory', 'gpu'" --set group=mine
refused "'/group': value must be 'gpu'" --set gpu=1
refused "'/gpu': minimum: got 0, want 1" --set group=gpu
refused "'/gpu': value must be one of 0, 1, 2, 4, 8" --set gpu=3,group=gpu
refused "'/lifetimeDays': minimum: got 0, want 1" --set lifetimeDays=0
refused "'/lifetimeDays': maximum: got 365, want 90" --set lifetimeDays=365
refused "'/home/size': value must be one of '10Gi', '50Gi', '100Gi', '500Gi'" --set home.size=2Ti
refused "'/owner': 'A. Person' does not match pattern '^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?\$'" --set 'owner=A. Person'
refused "'': missing property 'owner'" --set owner=null
# Credentials come by name. A value of one has no place to stand in.
refused "'': additional properties 'token' not allowed" --set token=abc
refused "'/credentials': additional properties 'password' not allowed" --set credentials.password=abc
refused "'/credentials/secretName': 'ghp_aBcD' does not match pattern '^([a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?)?\$'" --set credentials.secretName=ghp_aBcD
refused "team data lives in the namespace team-data, not in team-web" --set team=data
refused "expires 2099-01-01 is later than lifetimeDays 30 allows: $(date -u -d '+30 days' +%F)" --set expires=2099-01-01
ok "$count things that are not offered are refused, each with its own words"

# The catalog of base images is image/bases; the schema and the workflow repeat its names.
bases=$(sed 's/#.*//' "$dev/image/bases" | awk 'NF { print $1 }')
# enum KEY: what the schema offers, a line each.
enum() { sed -n "s/^ *\"$1\": {\"enum\": \[\(.*\)\]}.*/\1/p" "$here/values.schema.json" | tr -d '" ' | tr , '\n'; }
# options INPUT: what the workflow offers, but for default.
options() {
  sed -n "/^      $1:/,/options:/s/.*options: \[\(.*\)\]/\1/p" "$dev/launch.yaml" | tr -d '" ' | tr , '\n' | grep -vx default
}
[ "$(enum base)" = "$bases" ] || fail "values.schema.json offers other base images than image/bases"
for key in base cpu memory gpu group; do
  [ "$(options "$key")" = "$(enum "$key")" ] || fail "launch.yaml offers another $key than values.schema.json"
done
for days in $(options lifetime); do
  template --set "lifetimeDays=$days" >/dev/null || fail "launch.yaml offers $days days"
done
[ "$(sed -n 's/^ARG BASE_IMAGE=//p' "$dev/image/Dockerfile")" = "$(awk '$1 == "debian-13" { print $2 }' "$dev/image/bases")" ] ||
  fail "the Dockerfile's default is not the catalog's debian-13"
ok "image/bases, values.schema.json and launch.yaml offer the same"

name() { "$dev/image/image.sh" name "$@" 2>"$work/log"; }
[ "$(name debian-13 jq git)" = "$(name debian-13 git jq jq)" ] || fail "the order of the packages changes the image's name"
[ "$(name debian-13 jq)" != "$(name debian-13)" ] || fail "a package does not change the image's name"
for wrong in "windows-11" "debian-13 jq;id" "debian-13 jq-" "debian-13 -y" "debian-13 \$(id)"; do
  # shellcheck disable=SC2086 # words
  if name $wrong; then fail "image.sh takes $wrong"; fi
done
ok "image.sh: one name for the same choice, and nothing that apt would take for anything but a package"

# The command refuses before it calls anything: helm and kubectl here only say that they were called.
mkdir "$work/stubs"
printf '#!/bin/sh\necho called >>"%s"\necho yes\n' "$work/called" | tee "$work/stubs/helm" >"$work/stubs/kubectl"
chmod +x "$work/stubs"/*
while IFS='|' read -r arguments message; do
  # shellcheck disable=SC2086 # words
  if PATH=$work/stubs:$PATH "$dev/dev-env" $arguments >"$work/log" 2>&1; then fail "dev-env $arguments: not refused"; fi
  grep -qF -- "dev-env: error: $message" "$work/log" || { cat "$work/log" >&2; fail "dev-env $arguments: it should say: $message"; }
  [ ! -e "$work/called" ] || fail "dev-env $arguments: it called helm or kubectl"
done <<'END'
launch|'' cannot be an environment's name
launch Try --team web|'Try' cannot be an environment's name
launch try|no team; try: dev-env launch ... --team TEAM
launch try --team web --cpu 4,owner=dev-b|--cpu '4,owner=dev-b' is not a plain word
launch try --team web --credentials {a}|--credentials '{a}' is not a plain word
launch try --team web --password|--password has no value
launch try --team web --password abc|unknown option --password
launch try again --team web|two names: try and again
lunch try|unknown command lunch
END
ok "dev-env refuses what cannot be right before it asks the cluster"

# A quota that another launch writes in the same moment answers Conflict; helm here says so once, kubectl says yes.
cat >"$work/stubs/helm" <<END
#!/bin/sh
echo "\$1" >>"$work/called"
[ "\$1" != upgrade ] || [ "\$(grep -c upgrade "$work/called")" -gt 1 ] || {
  echo 'Error: Operation cannot be fulfilled on resourcequotas "team": the object has been modified; please apply your changes to the latest version and try again' >&2
  exit 1
}
END
PATH=$work/stubs:$PATH "$dev/dev-env" pin try --team web >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "dev-env gives up at a conflict"; }
[ "$(grep -c upgrade "$work/called")" = 2 ] || fail "dev-env: not one more try after a conflict"
rm "$work/called"
ok "dev-env tries again when somebody else has written the quota in the same moment"

# --build: a docker that only takes notes, with and without the image in its registry.
cat >"$work/stubs/docker" <<'END'
#!/bin/sh
echo "$1" >>"$NOTES"
[ "$1" != manifest ] || [ -n "$PUSHED" ]
END
chmod +x "$work/stubs/docker"
push() { PATH=$work/stubs:$PATH NOTES=$work/$1 PUSHED=$2 "$dev/image/image.sh" push debian-13 jq >/dev/null; }
push new "" && push old yes
[ "$(xargs <"$work/new")" = "manifest build push" ] || fail "an image that is not there is not built and pushed"
[ "$(xargs <"$work/old")" = "manifest" ] || fail "an image that is there is built again"
ok "image.sh push: builds what the registry does not have, and nothing else"

# actionlint runs shellcheck on each `run:`, if there is one. The two scripts have no .sh, by which others are found.
command -v shellcheck >/dev/null || "$root/hack/apt.sh" shellcheck
shellcheck "$dev/dev-env" "$dev/image/entrypoint"
"$(go -C "$root/hack/tools/actionlint" tool -n actionlint)" -shellcheck=shellcheck "$dev/launch.yaml"
if grep -nE 'uses: [^@]+@' "$dev/launch.yaml" | grep -vE '@[0-9a-f]{40} # v[0-9.]+$'; then fail "an action without its commit"; fi
# shellcheck disable=SC2016 # the workflow's own expressions
if sed -n '/run: |/,/^      - /p' "$dev/launch.yaml" | grep '\${{'; then fail "an expression in a script: it would be run as code"; fi
ok "actionlint and shellcheck: launch.yaml, dev-env, entrypoint; the actions are pinned, and no input is part of a script"
echo "offline: NOT checked: that the registries have the images of image/bases, and a run of launch.yaml on GitHub"
