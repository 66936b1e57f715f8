#!/usr/bin/env bash
# Checks this answer's artifacts. Run from anywhere; `make responses` runs it.
set -euo pipefail
cd "$(dirname "$0")"
command -v python3 >/dev/null || ../../hack/apt.sh python3
tools=../tools

"$tools/tofu.sh" check .
echo "ok: Terraform is formatted, valid against the AWS provider's schema, and its tests pass"

"$tools/kubeconform.sh" guard-registry.yaml
go -C guard vet .
out=$(go -C guard test -count=1 . 2>&1) || { echo "$out"; exit 1; }
echo "ok: the guard fits the Kubernetes API, and warns about an image from us-east-1 in each kind of workload"

python3 lifecycle_test.py
echo "ok: after a year of the lifecycle policy all that runs can be pulled, and what nobody pulls is gone"

awk -F'|' '
  /^\| USD a month/ { table = 1; next }
  /sum/ && table { for (i = 3; i < NF; i++) { gsub(/[* ]/, "", $i); if ($i != sprintf("%.2f", sum[i])) { print "README.md: a column adds up to " sum[i] ", not " $i; exit 1 } }; found = 1; exit }
  table && !/---/ { for (i = 3; i < NF; i++) { if ($i !~ /^ [0-9.]+ $/) { print "README.md: no number:" $i; exit 1 }; sum[i] += $i } }
  END { exit !found }' README.md
echo "ok: the columns of the cost table add up"

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

# README.md's first copy, run against stand-ins for the two registries, as they are on the first day: eu-west-1 has no
# repository. A push to one that does not exist fails; a backfill makes it, if the replication rule has that destination.
mkdir -p "$fake/eu-west-1" "$fake/us-east-1/webapp"
cat >"$fake/crane" <<'EOF'
#!/usr/bin/env bash
region=${3#*.dkr.ecr.}
[ -d "$FAKE_DIR/${region%%.*}/$(basename "${3%:*}")" ] || { echo "NAME_UNKNOWN: the repository of $3 does not exist" >&2; exit 1; }
EOF
cat >"$fake/aws" <<'EOF'
#!/usr/bin/env bash
[[ "$* " == "ecr start-replication-backfill --region us-east-1 "* ]] || { echo "not a backfill from us-east-1: $*" >&2; exit 1; }
region=$(sed -n 's/.*--destination region=\([^, ]*\),registryId=[0-9]\{12\}.*/\1/p' <<<"$*")
grep -A2 'destination {' replication.tf | grep -q "region *= \"$region\"" || { echo "no replication rule for '$region'" >&2; exit 1; }
cp -r "$FAKE_DIR/us-east-1/." "$FAKE_DIR/$region"
EOF
chmod +x "$fake/crane"
# shellcheck disable=SC2016 # the backticks are those of the fence
sed -n '/^```sh$/,/^```$/{/^```/d;p}' README.md >"$fake/first-copy"
PATH=$fake:$PATH bash -eu "$fake/first-copy"
[ -d "$fake/eu-west-1/webapp" ] || { echo "README.md's first copy leaves eu-west-1 empty"; exit 1; }
echo "ok: README.md's first copy works although no repository is there yet"

echo "offline: NOT checked: ECR replication: the Terraform plan against an AWS account, because there is none here"
