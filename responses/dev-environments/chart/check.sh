#!/usr/bin/env bash
# The chart and the command, without a cluster: what is offered, what is refused, and with which words.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dev=$(dirname "$here")
root=$(cd "$dev/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

bin=$root/.cache/dev-environments/bin
"$dev/test/cluster/tools.sh" "$bin" helm >&2
export PATH=$bin:$PATH

chosen=(--set 'owner=dev-a,team=web,sessions.image=s,image.name=debian-13-1,image.packages={jq,g++}')
template() { helm template try "$here" --namespace team-web "${chosen[@]}" "$@"; }
all=(--set "gpu=2,group=gpu,pinned=true,credentials.secretName=database,imagePullSecrets={registry}")

helm lint --quiet --strict "$here" --namespace team-web "${chosen[@]}" >"$work/log" || { cat "$work/log" >&2; fail "helm lint"; }
template >"$work/small.yaml"
template --set owner=jane.doe_example >"$work/owner.yaml" # as directories and managed GitHub users have them
template "${all[@]}" >"$work/all.yaml"
"$root/responses/tools/kubeconform.sh" "$work" >"$work/log" || { cat "$work/log" >&2; fail "kubeconform"; }
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
refused "'/image/base': value must be one of 'debian-13', 'python-3.13', 'node-24', 'go-1.26', 'r-4.5', 'cuda-13'" --set image.base=windows-11
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
refused "'/owner': 'A. Person' does not match pattern '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?\$'" --set 'owner=A. Person'
refused "'': missing property 'owner'" --set owner=null
# Credentials come by name. A value of one has no place to stand in.
refused "'': additional properties 'token' not allowed" --set token=abc
refused "'/credentials': additional properties 'password' not allowed" --set credentials.password=abc
refused "'/credentials/secretName': 'ghp_aBcD' does not match pattern '^([a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?)?\$'" --set credentials.secretName=ghp_aBcD
# A package for another interpreter than the base's is refused, however it is called; a base that has Debian's own takes it.
for package in python3-numpy ipython3 libpython3-dev cython3; do
  refused "$package belongs to Debian's own Python, not to python-3.13; try: --requirements, or pip install in a virtual environment of the home" \
    --set "image.base=python-3.13,image.packages={jq,$package}"
done
refused "r-cran-jsonlite belongs to Debian's own R, not to r-4.5; try: --requirements, or install.packages in the home" \
  --set 'image.base=r-4.5,image.packages={r-cran-jsonlite}'
template --set 'image.packages={python3-numpy,r-cran-jsonlite}' >/dev/null
refused "'/image/requirements': value must be one of 'none', 'python-web', 'r-json'" --set image.requirements=mine
refused "'/image/base': value must be 'python-3.13'" --set image.requirements=python-web
refused "'/image/base': value must be 'r-4.5'" --set image.base=python-3.13,image.requirements=r-json
refused "team data lives in the namespace team-data, not in team-web" --set team=data
refused "expires 2099-01-01 is later than lifetimeDays 30 allows: $(date -u -d '+30 days' +%F)" --set expires=2099-01-01
ok "$count things that are not offered are refused, each with its own words"

# The catalog of base images is image/bases; the schema repeats its names.
bases=$(sed 's/#.*//' "$dev/image/bases" | awk 'NF { print $1 }' | sed 's/.*/"&"/' | paste -sd, | sed 's/,/, /g')
grep -qF "\"enum\": [$bases]" "$here/values.schema.json" || fail "values.schema.json offers other base images than image/bases: $bases"
[ "$(sed -n 's/^ARG BASE_IMAGE=//p' "$dev/image/Dockerfile")" = "$(awk '$1 == "debian-13" { print $2 }' "$dev/image/bases")" ] ||
  fail "the Dockerfile's default is not the catalog's debian-13"
locks=$(cd "$dev/image/requirements" && printf '"%s"\n' * | paste -sd, | sed 's/,/, /g')
grep -qF "\"enum\": [$locks]" "$here/values.schema.json" || fail "values.schema.json offers other requirements than image/requirements: $locks"
cmp "$dev/image/requirements/python-web" "$dev/../image-build/requirements.txt" || fail "python-web is not the lock of ../image-build"
ok "image/bases, image/requirements and values.schema.json offer the same"

CGO_ENABLED=0 go -C "$dev" build -trimpath -buildvcs=false -o "$bin/devenv" ./cmd/devenv
name() { devenv image name "$@" 2>"$work/log"; }
[ "$(name debian-13 jq git)" = "$(name debian-13 git jq jq)" ] || fail "the order of the packages changes the image's name"
[ "$(name debian-13 jq)" != "$(name debian-13)" ] || fail "a package does not change the image's name"
[ "$(name python-3.13 --requirements python-web)" != "$(name python-3.13)" ] || fail "a lock does not change the image's name"
for wrong in "windows-11" "debian-13 --requirements ../bases" "debian-13 jq;id" "debian-13 jq-" "debian-13 -- -y" "debian-13 \$(id)"; do
  # shellcheck disable=SC2086 # words
  if name $wrong; then fail "devenv image takes $wrong"; fi
done
ok "devenv image: one name for the same choice, and nothing that apt would take for anything but a package"

# What cannot be right is refused before the cluster is asked: there is none.
while IFS='|' read -r status arguments message; do
  code=0
  # shellcheck disable=SC2086 # words
  KUBECONFIG=/nowhere devenv $arguments >"$work/log" 2>&1 || code=$?
  [ "$code $(cat "$work/log")" = "$status devenv: error: $message" ] ||
    { cat "$work/log" >&2; fail "devenv $arguments: it should exit with $status and say: $message"; }
done <<'END'
2|launch|one name is needed, not 0; try: devenv launch --help
2|launch Try --team web|'Try' cannot be an environment's name: it is part of a DNS name; try: up to 40 small letters, digits and hyphens
2|launch try --team Web|'Web' is no team's name; try: --team TEAM
2|launch try --password abc|unknown flag: --password; try: devenv launch --help
2|launch try --password=abc|unknown flag: --password; try: devenv launch --help
2|launch try --credentials|flag needs an argument: --credentials; try: devenv launch --help
2|launch try again --team web|one name is needed, not 2; try: devenv launch --help
END
for command in "" launch wake pin unpin extend list delete ssh-config; do
  # shellcheck disable=SC2086 # none, or a word
  devenv $command --help >"$work/log"
  grep -q '^Usage:' "$work/log" || fail "devenv $command --help"
done
devenv __complete launch try --cpu "" >"$work/log" 2>/dev/null
grep -qx 32 "$work/log" || fail "no completion of --cpu"
ok "devenv refuses what cannot be right before it asks the cluster, helps and completes"

# A docker that only takes notes, and knows two digests of what it pushes.
mkdir "$work/stubs"
digest=sha256:$(printf '%064d' 1)
cat >"$work/stubs/docker" <<END
#!/bin/sh
echo "\$1" >>"$work/notes"
[ "\$1" != image ] || printf '%s\n' mirror.example.com/environment@sha256:2 registry.example.com/dev/environment@$digest
END
chmod +x "$work/stubs/docker"
line=$(PATH=$work/stubs:$PATH devenv image push debian-13 jq)
grep -qxE "(debian-13-[0-9a-f]{12}): registry\.example\.com/dev/environment:\\1-[0-9]{4}w[0-9]{2}@$digest" <<<"$line" || fail "devenv image push says: $line"
[ "$(xargs <"$work/notes")" = "build push image" ] || fail "devenv image push does: $(xargs <"$work/notes")"
ok "devenv image push: builds anew, pushes, and says the line of the catalogue"

# It has no .sh, by which others are found.
command -v shellcheck >/dev/null || "$root/hack/apt.sh" shellcheck
shellcheck "$dev/image/entrypoint"
ok "shellcheck: entrypoint"
echo "offline: NOT checked: that the registries have the images of image/bases"
