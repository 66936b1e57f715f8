#!/usr/bin/env bash
# The node groups, without a cloud: what would be asked of AWS.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)

out=$("$root/responses/tools/tofu.sh" check "$here" 2>&1) || { echo "$out" >&2; exit 1; }
echo "ok: node-groups: Terraform is formatted, valid against the AWS provider's schema: $(tail -n 1 <<<"$out")"
echo "offline: NOT checked: node-groups: a plan against an AWS account, the autoscaler's chart, because none can be had here"
