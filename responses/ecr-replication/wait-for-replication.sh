#!/usr/bin/env bash
# Waits until an image pushed to us-east-1 is in eu-west-1. For the deploy job of the EU cluster.
#
#   wait-for-replication.sh REPOSITORY TAG|sha256:DIGEST [SECONDS]
#
# It asks eu-west-1 itself, so it also knows the images that were there before the rule or came by a backfill. A tag that has moved in
# us-east-1 still shows its former image here: deploy by digest. Needs ecr:DescribeImages on the repository in eu-west-1.
set -euo pipefail

repository=${1:?repository}
image=${2:?tag or digest}
deadline=$((SECONDS + ${3:-1800}))
case $image in
  sha256:*) id=imageDigest=$image ;;
  *) id=imageTag=$image ;;
esac

until said=$(aws ecr describe-images --region eu-west-1 --repository-name "$repository" --image-ids "$id" 2>&1); do
  # Not there yet: no such image, or not even its repository. Anything else will not pass by waiting.
  [[ $said == *ImageNotFoundException* || $said == *RepositoryNotFoundException* ]] || { echo "$said" >&2; exit 1; }
  if [ "$SECONDS" -ge "$deadline" ]; then
    echo "$repository $image has not arrived in eu-west-1: does a replication rule match it?" >&2
    exit 1
  fi
  sleep "${POLL_SECONDS:-10}"
done
echo "$repository $image is in eu-west-1"
