#!/usr/bin/env bash
# Checks this answer's artifacts. Run from anywhere; `make responses` runs it.
set -euo pipefail
cd "$(dirname "$0")"
tools=../tools
fail() { echo "FAIL: $*" >&2; exit 1; }
../../hack/apt.sh python3 python3-pil tzdata
python=/usr/bin/python3 # the one that Debian's Pillow is for
export PYTHONDONTWRITEBYTECODE=1

"$tools/tofu.sh" check terraform
echo "ok: Terraform is formatted, valid against the Google provider's schema, and its tests pass"

"$tools/kubeconform.sh" -skip HealthCheckPolicy,GCPBackendPolicy k8s
echo "ok: manifests fit the Kubernetes and Gateway API schemas"
echo "offline: NOT checked: lunchsharing: k8s/gke-policies.yaml, because GKE publishes those schemas only in a cluster"

# What k8s/ takes for granted is made in terraform/: the certificate map, and a certificate for the Gateway's host.
map=$(sed -n 's/.*networking.gke.io\/certmap: //p' k8s/gateway.yaml)
grep -A1 '"google_certificate_manager_certificate_map"' terraform/*.tf | grep -q "name = \"$map\"" ||
  fail "k8s/gateway.yaml names the certificate map $map, which terraform/ does not make"
host=$(sed -n 's/.*hostnames: \[\(.*\)\]/\1/p' k8s/gateway.yaml)
grep -A4 'variable "api_host"' terraform/variables.tf | grep -q "\"$host\"" || fail "$host of k8s/gateway.yaml has no certificate"
echo "ok: the Gateway's certificate map is made, with its host"

$python pipeline_test.py 2>/dev/null || { $python pipeline_test.py; exit 1; }
echo "ok: old photos in nested folders end up where the CDN serves them: resized, turned, without EXIF, kept by the phone for a day"

go -C apply vet .
out=$(go -C apply test -count=1 . 2>&1) || fail "$out"
echo "ok: a second kubectl apply keeps the floor that the CronJob set"

$python schedule_test.py
echo "ok: the raised floor covers lunch in Helsinki and Madrid with 20 minutes of lead on each day of a year"

diff <($python estimate.py) <(sed -n '/^| USD a month/,/^| \*\*sum/p' README.md)
echo "ok: the cost table is what estimate.py computes"
echo "offline: NOT checked: lunchsharing: anything in Google Cloud, because there is no project here"
