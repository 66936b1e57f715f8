#!/usr/bin/env bash
# Checks this answer's artifacts. Run from anywhere; `make responses` runs it.
set -euo pipefail
cd "$(dirname "$0")"
tools=../../hack/responses

"$tools/tofu.sh" check .
echo "ok: Terraform is formatted, valid against the AWS provider's schema, and its 7 tests pass"

"$tools/kubeconform.sh" guard-registry.yaml
echo "ok: admission policy fits the Kubernetes API"

# The script against a stand-in for the AWS CLI that answers one status a call.
fake=$(mktemp -d)
trap 'rm -rf "$fake"' EXIT
cat >"$fake/aws" <<'EOF'
#!/usr/bin/env bash
echo "$*" >>"$FAKE_DIR/calls"
head -1 "$FAKE_DIR/answers"
[ "$(wc -l <"$FAKE_DIR/answers")" -le 1 ] || sed -i 1d "$FAKE_DIR/answers"
EOF
chmod +x "$fake/aws"
export FAKE_DIR=$fake POLL_SECONDS=0

# wait_for SECONDS ANSWER...: the script's exit status, given these answers.
wait_for() {
  local seconds=$1
  shift
  printf '%s\n' "$@" >"$fake/answers"
  PATH=$fake:$PATH ./wait-for-replication.sh webapp 20200609-1018 "$seconds" >"$fake/said" 2>&1
}
said() { grep -q -- "$1" "$fake/said" || { echo "expected '$1', got: $(cat "$fake/said")"; exit 1; }; }
wait_for 60 IN_PROGRESS IN_PROGRESS COMPLETE
grep -q -- '--region us-east-1 --repository-name webapp --image-id imageTag=20200609-1018' "$fake/calls"
if wait_for 10 IN_PROGRESS FAILED; then echo "a failed replication must fail the job"; exit 1; fi
said 'replication of webapp 20200609-1018 failed'
if wait_for 0 IN_PROGRESS; then echo "a replication that does not end must fail the job"; exit 1; fi
said "status 'IN_PROGRESS'"
if wait_for 0 ''; then echo "an image that no rule matches must fail the job"; exit 1; fi
said 'does a rule match'
echo "ok: wait-for-replication.sh ends on COMPLETE, fails on FAILED, on a time-out and without a matching rule"

echo "offline: NOT checked: ECR replication: the Terraform plan against an AWS account, because there is none here"
