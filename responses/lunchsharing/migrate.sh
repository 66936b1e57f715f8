#!/usr/bin/env bash
# Copies Filestore into the bucket, to where new uploads go too. The worker then makes the served sizes, without EXIF.
#
#   migrate.sh copy|compare FOLDER BUCKET
#
# `copy` needs agents of the pool "lunch" in the VPC, and runs in the background: gcloud transfer jobs monitor. Off-peak, as it
# reads the same disks. `compare` runs where the folder is mounted, and says nothing when all is there.
set -euo pipefail

folder=${2:?folder} bucket=${3:?bucket}
case ${1:?copy or compare} in
  copy) gcloud transfer jobs create "posix://$folder" "gs://$bucket/originals/" --source-agent-pool=lunch ;;
  compare) gcloud storage rsync --recursive --checksums-only --dry-run "$folder" "gs://$bucket/originals" ;;
  *) echo "migrate.sh copy|compare FOLDER BUCKET" >&2; exit 2 ;;
esac
