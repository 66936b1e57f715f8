#!/usr/bin/env bash
# Checks the workflow's order and rights, and runs its scripts against a kubectl and a docker that only take notes. On a real
# cluster: ../kubernetes-deployment/throwaway.sh, as the workflow does. actionlint is part of `make lint`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

python=/usr/bin/python3 # Debian's and Ubuntu's own: python3-yaml is for this one
missing=()
command -v jq >/dev/null || missing+=(jq)
"$python" -c 'import yaml' 2>/dev/null || missing+=(python3-yaml)
[ ${#missing[@]} -eq 0 ] || "$root/hack/apt.sh" "${missing[@]}"

"$python" "$here/check_workflow.py" "$root"

# --- The push: the name with the digest of this push. Docker leaves docker.io/ out of it.
image=registry.example.com/toolbox@sha256:$(printf 'ab%.0s' {1..32})
mkdir "$work/bin"
cat >"$work/bin/docker" <<EOF
#!/bin/sh
echo "\$*" >>"\$NOTES"
case "\$1 \$2" in "image inspect") printf '%s\n' "example/toolbox@${image#*@}" example/other@sha256:0 ;; esac
EOF
chmod +x "$work/bin/docker"
pushed=$(NOTES=$work/docker PATH=$work/bin:$PATH "$here/../image-build/push.sh" toolbox:built docker.io/example/toolbox 1)
[ "$pushed" = "docker.io/example/toolbox@${image#*@}" ] || fail "push.sh printed $pushed"
printf '%s\n' 'tag toolbox:built docker.io/example/toolbox:git-1' 'push docker.io/example/toolbox:git-1' | cmp -s - <(head -n 2 "$work/docker") ||
  fail "push.sh: $(cat "$work/docker")"
ok "push.sh: pushes the commit's tag, prints the digest of this push"

# --- The token for the cluster: fresh for each kubectl.
claims=$(printf '{"exp":1800000000}' | base64 | tr '+/' '-_' | tr -d '=')
echo "{\"value\": \"e30.$claims.signature\"}" >"$work/token"
credential=$(ACTIONS_ID_TOKEN_REQUEST_TOKEN=t ACTIONS_ID_TOKEN_REQUEST_URL="file://$work/token?a=b" "$here/github-token.sh")
[ "$(jq -r '.kind + " " + .status.token + " " + .status.expirationTimestamp' <<<"$credential")" = \
  "ExecCredential e30.$claims.signature 2027-01-15T08:00:00Z" ] || fail "github-token.sh printed $credential"
ok "github-token.sh: a credential with the token's own end"

# --- The deployment. The objects in THERE exist, and BROKEN does not become ready.
cat >"$work/bin/kubectl" <<'EOF'
#!/bin/sh
[ "$1" = --namespace=toolbox ] || { echo "another namespace: $*" >&2; exit 1; }
shift
case "$1 $2" in "apply -f") echo "apply -f ${3##*/}" ;; *) echo "$*" ;; esac >>"$NOTES"
case "$*" in
  "apply view-last-applied "*) case " $THERE " in *" $3 "*) echo "former: $3" ;; *) exit 1 ;; esac ;;
  "apply -f "*) cp "$3" "$NOTES.${3##*/}" ;;
  "rollout status deployment/$BROKEN "*) exit 1 ;;
esac
EOF
chmod +x "$work/bin/kubectl"
deploy() { # deploy NOTES THERE BROKEN IMAGE
  NOTES=$work/$1 THERE=$2 BROKEN=$3 PATH=$work/bin:$PATH "$here/deploy.sh" "$4" "$here/../kubernetes-deployment" >"$work/log" 2>&1
}
all='deployment/toolbox poddisruptionbudget/toolbox service/toolbox httproute/toolbox deployment/toolbox-shell'
deploy good "$all" none "$image" || { cat "$work/log" >&2; fail "deploy.sh"; }
printf '%s\n' 'apply -f new.yaml' 'rollout status deployment/toolbox --timeout=200s' 'rollout status deployment/toolbox-shell --timeout=200s' |
  cmp -s - <(tail -n 3 "$work/good") || fail "deploy.sh: $(cat "$work/good")"
[ "$(grep -c "image: $image\$" "$work/good.new.yaml")" = 2 ] || fail "the image is not in both deployments"
"$root/responses/tools/kubeconform.sh" "$work/good.new.yaml" >/dev/null
ok "deploy.sh: applies both deployments with the digest, and waits for both"
for broken in toolbox toolbox-shell; do
  if deploy "$broken" "$all" "$broken" "$image"; then fail "a failed rollout of $broken counts as deployed"; fi
  [ "$(tail -n 1 "$work/$broken")" = 'apply -f former.yaml' ] || fail "not taken back: $(cat "$work/$broken")"
  [ "$(sed -n 's/^former: //p' "$work/$broken.former.yaml" | tr '\n' ' ')" = "$all " ] || fail "only taken back: $(cat "$work/$broken.former.yaml")"
done
if deploy first '' toolbox "$image"; then fail "a failed first rollout counts as deployed"; fi
ok "deploy.sh: a failed rollout of either is taken back, every object, and the job fails"
if deploy tag "$all" none registry.example.com/toolbox:latest; then fail "deployed a tag"; fi
[ ! -e "$work/tag" ] || fail "kubectl was called for a tag"
ok "deploy.sh: a tag is refused before kubectl is called"
echo "offline: NOT checked here: a run on GitHub, a real cluster (throwaway.sh), BuildKit's cache, kind, Docker Hub, an attestation"
