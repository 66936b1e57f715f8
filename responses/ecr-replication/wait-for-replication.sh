#!/usr/bin/env bash
# Waits until an image pushed to us-east-1 has arrived in eu-west-1. For the deploy job of the EU cluster.
#
#   wait-for-replication.sh REPOSITORY TAG|sha256:DIGEST [SECONDS]
#
# Needs ecr:DescribeImageReplicationStatus on the source repository (policies/ci-replication-status.json.tftpl).
set -euo pipefail

repository=${1:?repository}
image=${2:?tag or digest}
deadline=$((SECONDS + ${3:-1800}))
interval=${POLL_SECONDS:-10}

case $image in
  sha256:*) id=imageDigest=$image ;;
  *) id=imageTag=$image ;;
esac

while :; do
  status=$(aws ecr describe-image-replication-status --region us-east-1 \
    --repository-name "$repository" --image-id "$id" \
    --query "replicationStatuses[?region=='eu-west-1'].status" --output text)
  case $status in
    COMPLETE) echo "$repository $image is in eu-west-1"; exit 0 ;;
    FAILED) echo "replication of $repository $image failed: see failureCode in describe-image-replication-status" >&2; exit 1 ;;
  esac
  if [ "$SECONDS" -ge "$deadline" ]; then
    # No status at all means that no rule matched when the image was pushed.
    echo "$repository $image has not arrived in eu-west-1: status '${status:-none, does a rule match?}'" >&2
    exit 1
  fi
  sleep "$interval"
done
