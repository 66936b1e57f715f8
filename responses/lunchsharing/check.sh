#!/usr/bin/env bash
# Checks this answer's artifacts. Run from anywhere; `make responses` runs it.
set -euo pipefail
cd "$(dirname "$0")"
tools=../../hack/responses
command -v python3 >/dev/null || ../../hack/apt.sh python3
[ -d /usr/share/zoneinfo/Europe ] || ../../hack/apt.sh tzdata

"$tools/tofu.sh" check terraform
echo "ok: Terraform is formatted, valid against the Google provider's schema, and its 3 tests pass"

"$tools/kubeconform.sh" -skip HealthCheckPolicy,GCPBackendPolicy k8s
echo "ok: manifests fit the Kubernetes and Gateway API schemas"
echo "offline: NOT checked: lunchsharing: k8s/gke-policies.yaml, because GKE publishes those schemas only in a cluster"

python3 schedule_test.py
echo "ok: the raised floor covers lunch in Helsinki and Madrid with 20 minutes of lead on each day of a year"


diff <(python3 estimate.py) <(sed -n '/^| USD a month/,/^| \*\*sum/p' README.md)
echo "ok: the cost table is what estimate.py computes"
echo "offline: NOT checked: lunchsharing: anything in Google Cloud, because there is no project here"
