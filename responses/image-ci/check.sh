#!/usr/bin/env bash
# Lints the workflow, validates the deployer's rights, and runs deploy.sh against a kubectl that only takes notes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

# actionlint runs shellcheck on each `run:`, if there is one.
command -v shellcheck >/dev/null || "$root/hack/apt.sh" shellcheck
"$(go -C "$root/hack/tools/actionlint" tool -n actionlint)" -shellcheck=shellcheck "$here/workflow.yaml"
ok "actionlint, with shellcheck: workflow.yaml"
if grep -nE 'uses: [^@]+@' "$here/workflow.yaml" | grep -vE '@[0-9a-f]{40} # v[0-9.]+$'; then fail "an action without its commit"; fi
ok "each action is pinned to a commit"
# What runs for a pull request has no secret and no token.
build=$(sed -n '/^  build:/,/^  push:/p' "$here/workflow.yaml")
if grep -E 'secrets\.|id-token|packages:' <<<"$build"; then fail "a secret in the job that runs for pull requests"; fi
if grep -q 'pull_request_target' "$here/workflow.yaml"; then fail "pull_request_target"; fi
ok "the job that runs for pull requests has no secret and no token"

"$root/hack/responses/kubeconform.sh" "$here/deployer-rbac.yaml"
ok "kubeconform -strict: deployer-rbac.yaml"

cat >"$work/kubectl" <<'EOF'
#!/bin/sh
echo "$*" >>"$NOTES"
case "$1 $2" in
  "apply -f") cp "$3" "$NOTES.applied" ;;
  "diff -f") exit 1 ;;
  "rollout undo") touch "$NOTES.undone" ;;
  "rollout status") [ -z "$BROKEN" ] || [ -e "$NOTES.undone" ] ;;
esac
EOF
chmod +x "$work/kubectl"
deploy() { PATH=$work:$PATH NOTES=$work/$1 BROKEN=$2 "$here/deploy.sh" "$3" "$here/../kubernetes-deployment" >"$work/log" 2>&1; }
image=registry.example.com/toolbox@sha256:$(printf 'ab%.0s' {1..32})

deploy good "" "$image" || { cat "$work/log" >&2; fail "deploy.sh"; }
[ "$(grep -c "image: $image" "$work/good.applied")" = 2 ] || fail "the image is not in both deployments"
if grep -q undo "$work/good"; then fail "rolled back for nothing"; fi
"$root/hack/responses/kubeconform.sh" -skip HTTPRoute "$work/good.applied" >/dev/null
ok "deploy.sh: applies both deployments with the digest, and waits"
if deploy broken yes "$image"; then fail "a failed rollout counts as deployed"; fi
[ "$(tail -n 2 "$work/broken")" = $'rollout undo deployment/toolbox\nrollout status deployment/toolbox --timeout=200s' ] || fail "no rollback"
ok "deploy.sh: a rollout that fails is taken back, and the job fails"
if deploy tag "" registry.example.com/toolbox:latest; then fail "deployed a tag"; fi
[ ! -e "$work/tag" ] || fail "kubectl was called for a tag"
ok "deploy.sh: a tag is refused before kubectl is called"
# The rights are enough for what deploy.sh applies, and for nothing else.
for kind in $(sed -n 's/^kind: //p' "$work/good.applied" | sort -u | tr '[:upper:]' '[:lower:]'); do
  grep -q "\b${kind}s\b" "$here/deployer-rbac.yaml" || fail "no right for $kind"
done
ok "deployer-rbac.yaml covers each kind that deploy.sh applies"
echo "offline: NOT checked: a run on GitHub, a signature by Sigstore, and authentication.yaml against a real API server"
