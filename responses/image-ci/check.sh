#!/usr/bin/env bash
# Lints the workflow, runs its build and push steps, validates the deployer's rights, and runs deploy.sh against a kubectl
# that only takes notes. The push goes to a real registry on loopback, with a login. The deployment on a real Kubernetes:
# ../kubernetes-deployment/try.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
registry_pid=
cleanup() {
  # Waits too: nothing may outlive the check.
  [ -z "$registry_pid" ] || { kill "$registry_pid"; wait "$registry_pid" || true; }
  [ -z "${image_id:-}" ] || docker rmi -f "$image_id" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

# actionlint runs shellcheck on each `run:`, if there is one.
missing=()
command -v shellcheck >/dev/null || missing+=(shellcheck)
command -v jq >/dev/null || missing+=(jq)
python=/usr/bin/python3 # Debian's and Ubuntu's own: python3-yaml is for this one
"$python" -c 'import yaml' 2>/dev/null || missing+=(python3-yaml)
[ ${#missing[@]} -eq 0 ] || "$root/hack/apt.sh" "${missing[@]}"
"$(go -C "$root/hack/tools/actionlint" tool -n actionlint)" -shellcheck=shellcheck "$here/workflow.yaml"
ok "actionlint, with shellcheck: workflow.yaml"
if grep -nE 'uses: [^@]+@' "$here/workflow.yaml" | grep -vE '@[0-9a-f]{40} # v[0-9.]+$'; then fail "an action without its commit"; fi
ok "each action is pinned to a commit"
# What runs for a pull request has no secret and no token.
build=$(sed -n '/^  build:/,/^  push:/p' "$here/workflow.yaml")
if grep -E 'secrets\.|id-token|packages:' <<<"$build"; then fail "a secret in the job that runs for pull requests"; fi
if grep -q 'pull_request_target' "$here/workflow.yaml"; then fail "pull_request_target"; fi
ok "the job that runs for pull requests has no secret and no token"
# Each stored secret is named, never written.
if grep -nE '^ *[A-Z_]*(TOKEN|PASSWORD|KEY): ' "$here/workflow.yaml" | grep -vE ': \$\{\{ secrets\.[A-Z_]+ \}\}$'; then fail "a secret that is not by reference"; fi
ok "secrets are there by reference only"
for dockerfile in "$here"/../image-build/Dockerfile.*; do
  grep -qE '^ARG BASE=debian:[a-z0-9-]+@sha256:[0-9a-f]{64}$' "$dockerfile" || fail "$dockerfile: the base is not pinned by digest"
done
ok "the base image is pinned by digest"

# step JOB NAME: the script of a step, as the runner would run it.
step() { "$python" -c 'import sys, yaml; print(next(s["run"] for s in yaml.safe_load(open(sys.argv[1]))["jobs"][sys.argv[2]]["steps"] if s.get("name") == sys.argv[3]))' "$here/workflow.yaml" "$@"; }

# --- The build, with a docker that only takes notes.
mkdir "$work/bin" "$work/runner"
cat >"$work/bin/docker" <<'EOF'
#!/bin/sh
echo "$*" >>"$NOTES"
case "$*" in *dest=cache.new*) mkdir cache.new ;; esac
EOF
chmod +x "$work/bin/docker"
build() { (cd "$work/runner" && PATH=$work/bin:$PATH NOTES=$work/$1 GITHUB_EVENT_NAME=$1 GITHUB_SHA=abc bash -eo pipefail -c "$(step build Build)"); }
build push
grep -q 'buildx build --cache-from type=local,src=cache --cache-to type=local,dest=cache.new,mode=max' "$work/push" || fail "the build takes nothing from the cache"
grep -qE 'buildx create .*--driver docker-container .*@sha256:[0-9a-f]{64}$' "$work/push" || fail "no driver that keeps a cache"
build schedule
grep -q 'buildx build --no-cache --pull --cache-to' "$work/schedule" || fail "the weekly build takes old packages from the cache, or leaves them there"
ok "the build takes and keeps the stages; the weekly one only keeps them"

# --- The push, to a real registry that wants a login.
image=registry.example.com/toolbox@sha256:$(printf 'ab%.0s' {1..32})
cat >"$work/bin/docker" <<EOF
#!/bin/sh
case "\$1 \$2" in "image inspect") echo "example/toolbox@${image#*@}" ;; esac
EOF
pushed=$(PATH=$work/bin:$PATH "$here/../image-build/push.sh" toolbox:built docker.io/example/toolbox 1 2>/dev/null) || fail "push.sh does not know Docker Hub's short names"
[ "$pushed" = "docker.io/example/toolbox@${image#*@}" ] || fail "push.sh printed $pushed"
ok "push.sh: knows that Docker leaves docker.io out"
rm "$work/bin/docker"
if docker version >/dev/null 2>&1; then
  port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  # shellcheck disable=SC2016 # the password is "token"
  echo 'user:$2a$05$wwng8v67ckwdK6dTtb8oQ.7rrkbg4pldTTZ3wDZQXZceoLDxH5Iva' >"$work/htpasswd"
  printf 'version: 0.1\nhttp: {addr: "127.0.0.1:%s"}\nstorage: {filesystem: {rootdirectory: "%s"}}\nauth: {htpasswd: {realm: r, path: "%s"}}\n' \
    "$port" "$work/registry" "$work/htpasswd" >"$work/registry.yaml"
  registry=$(go -C "$root/responses/tools/registry" tool -n registry)
  "$registry" serve "$work/registry.yaml" >"$work/registry.log" 2>&1 &
  registry_pid=$!
  curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null "http://127.0.0.1:$port/v2/" || { cat "$work/registry.log" >&2; fail "no registry"; }
  repository=127.0.0.1:$port/user/toolbox
  echo "$RANDOM" >"$work/file"
  image_id=$(tar -C "$work" -c file | docker import -)
  # The step as it is; only the registry's address is another, and what is loaded and tagged is this small image.
  to_hub=$(step docker-hub 'Push to Docker Hub') || fail "no step that pushes to Docker Hub"
  push() { # push TOKEN
    (cd "$root" && GITHUB_SHA=0123456789abcdef GITHUB_RUN_NUMBER=7 GITHUB_STEP_SUMMARY=$work/summary \
      HUB=$repository REGISTRY_USERNAME=user REGISTRY_TOKEN=$1 PATH=$work/bin:$PATH IMAGE=$image_id DOCKER=$(command -v docker) \
      bash -eo pipefail -c "$to_hub") >"$work/log" 2>&1
  }
  cat >"$work/bin/docker" <<'EOF'
#!/bin/sh
case "$1 $3" in
  "load image.tar") exit ;;
  "tag "*) exec "$DOCKER" tag "$IMAGE" "$3" ;;
esac
exec "$DOCKER" "$@"
EOF
  chmod +x "$work/bin/docker"
  if push wrong; then fail "pushed with a wrong token"; fi
  push token || { cat "$work/log" >&2; fail "the push"; }
  digest=$(curl -fsSI -u user:token -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' \
    "http://127.0.0.1:$port/v2/user/toolbox/manifests/git-0123456789ab-7" | tr -d '\r' | sed -n 's/^Docker-Content-Digest: //Ip')
  grep -qxF "Pushed \`$repository@$digest\`" "$work/summary" || { cat "$work/summary" >&2; fail "the digest is not the registry's: $digest"; }
  if grep -qs "127.0.0.1:$port" "${DOCKER_CONFIG:-$HOME/.docker}/config.json"; then fail "the login was left behind"; fi
  ok "the workflow's push to Docker Hub, to a registry with a login: refused with a wrong token, its digest printed, no login left"
else
  echo "offline: NOT checked: the push to a registry with a login, because no Docker engine answers"
fi

# --- The token: fresh for each kubectl.
mkdir "$work/github"
claims=$(printf '{"exp":1800000000}' | base64 | tr '+/' '-_' | tr -d '=')
echo "{\"value\": \"e30.$claims.signature\"}" >"$work/github/token"
credential=$(ACTIONS_ID_TOKEN_REQUEST_TOKEN=t ACTIONS_ID_TOKEN_REQUEST_URL="file://$work/github/token?a=b" "$here/github-token.sh") ||
  fail "github-token.sh"
[ "$(jq -r '.kind + " " + .status.token + " " + .status.expirationTimestamp' <<<"$credential")" = \
  "ExecCredential e30.$claims.signature 2027-01-15T08:00:00Z" ] || fail "github-token.sh printed $credential"
deploy=$(step deploy Deploy)
if ! grep -q -- '--exec-command=.*/image-ci/github-token.sh' <<<"$deploy" || grep -q -- '--token' <<<"$deploy"; then
  fail "the deployment keeps one token, which lives five minutes"
fi
ok "github-token.sh: a credential with the token's own end, asked for by each kubectl"

# --- The deployment.
"$root/responses/tools/kubeconform.sh" "$here/deployer-rbac.yaml"
ok "kubeconform -strict: deployer-rbac.yaml"

# A cluster of notes: ALL objects are wanted, those of THERE are there, and BROKEN ones do not become ready.
cat >"$work/bin/kubectl" <<'EOF'
#!/bin/sh
[ "$1" = --namespace=toolbox ] || { echo "$*" >>"$NOTES.elsewhere"; exit 1; }
shift
echo "$*" >>"$NOTES"
case "$*" in
  "apply --dry-run=client "*) printf '%s\n' $ALL ;;
  "apply view-last-applied "*) echo "former: $3" ;;
  "apply -f "*) if grep -q ^former: "$3"; then touch "$NOTES.back"; else cp "$3" "$NOTES.applied"; fi ;;
  "diff "*) exit 1 ;;
  "get "*) [ -z "$THERE" ] || printf '%s\n' $THERE ;;
  "rollout status "*) [ -z "$BROKEN" ] || [ -e "$NOTES.back" ] ;;
esac
EOF
chmod +x "$work/bin/kubectl"
all='deployment.apps/toolbox deployment.apps/toolbox-shell service/toolbox'
deploy() { # deploy NAME THERE BROKEN IMAGE
  PATH=$work/bin:$PATH NOTES=$work/$1 ALL=$all THERE=$2 BROKEN=$3 "$here/deploy.sh" "$4" "$here/../kubernetes-deployment" >"$work/log" 2>&1
}
elsewhere() { [ ! -e "$work/$1.elsewhere" ] || fail "kubectl works in the context's namespace: $(cat "$work/$1.elsewhere")"; }

deploy good "$all" "" "$image" || { elsewhere good; cat "$work/log" >&2; fail "deploy.sh"; }
[ "$(grep -c "image: $image" "$work/good.applied")" = 2 ] || fail "the image is not in both deployments"
if grep -q 'delete' "$work/good" || [ -e "$work/good.back" ]; then fail "taken back for nothing"; fi
"$root/responses/tools/kubeconform.sh" -skip HTTPRoute "$work/good.applied" >/dev/null
ok "deploy.sh: applies both deployments with the digest, waits for both, in its own namespace only"
if deploy broken "deployment.apps/toolbox deployment.apps/toolbox-shell" yes "$image"; then fail "a failed rollout counts as deployed"; fi
elsewhere broken
[ -e "$work/broken.back" ] || fail "what was there is not restored"
grep -qx 'delete --wait=false --ignore-not-found service/toolbox' "$work/broken" || fail "what was new stays"
grep -q 'deploy: taken back' "$work/log" || fail "the way back was not waited for"
ok "deploy.sh: a failed rollout is taken back, every object of it, and the job fails"
if deploy first "" yes "$image"; then fail "a failed first rollout counts as deployed"; fi
grep -qx "delete --wait=false --ignore-not-found $all" "$work/first" || fail "a failed first rollout stays"
ok "deploy.sh: a failed first rollout leaves nothing"
if deploy tag "$all" "" registry.example.com/toolbox:latest; then fail "deployed a tag"; fi
[ ! -e "$work/tag" ] || fail "kubectl was called for a tag"
ok "deploy.sh: a tag is refused before kubectl is called"
# The rights are enough for what deploy.sh applies, and for nothing else.
for kind in $(sed -n 's/^kind: //p' "$work/good.applied" | sort -u | tr '[:upper:]' '[:lower:]'); do
  grep -q "\b${kind}s\b" "$here/deployer-rbac.yaml" || fail "no right for $kind"
done
ok "deployer-rbac.yaml covers each kind that deploy.sh applies"
echo "offline: NOT checked: a run on GitHub, Docker Hub itself, a signature by Sigstore"
