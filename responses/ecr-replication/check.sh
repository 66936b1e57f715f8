#!/usr/bin/env bash
# wait-for-replication.sh against a stand-in for the AWS CLI, whose errors are those of the ECR API: one answer a call.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export WORK=$work POLL_SECONDS=0
cat >"$work/aws" <<'EOF'
#!/usr/bin/env bash
[ "$*" = "ecr describe-images --region eu-west-1 --repository-name webapp --image-ids $IMAGE" ] || { echo "asked: $*" >&2; exit 252; }
answer=$(head -n 1 "$WORK/answers")
[ "$(wc -l <"$WORK/answers")" -le 1 ] || sed -i 1d "$WORK/answers"
[ "$answer" = there ] || { echo "An error occurred ($answer) when calling the DescribeImages operation" >&2; exit 254; }
EOF
chmod +x "$work/aws"

# try STATUS SAID SECONDS IMAGE ANSWER...: how the script ends, given these answers, and what it says.
try() {
  local want=$1 said=$2 seconds=$3 image=$4 status=0
  printf '%s\n' "${@:5}" >"$work/answers"
  PATH=$work:$PATH ./wait-for-replication.sh webapp "$image" "$seconds" >"$work/said" 2>&1 || status=$?
  [[ $status = "$want" && $(cat "$work/said") == *"$said"* && $(wc -l <"$work/answers") = 1 ]] ||
    { echo "wanted $want and '$said', got $status and '$(cat "$work/said")'" >&2; exit 1; }
}
IMAGE=imageTag=1.4.2 && export IMAGE
try 0 "1.4.2 is in eu-west-1" 60 1.4.2 RepositoryNotFoundException ImageNotFoundException there
try 1 "has not arrived" 0 1.4.2 ImageNotFoundException
try 1 "AccessDeniedException" 60 1.4.2 AccessDeniedException there
IMAGE=imageDigest=sha256:0
try 0 "is in eu-west-1" 60 sha256:0 there
echo "ok: wait-for-replication.sh waits for the image and its repository, and ends on a time-out and on any other error"
echo "offline: NOT checked: ECR replication in an AWS account, because there is none here"
