#!/usr/bin/env bash
# The backend and the bucket's configuration are valid; stack/ runs with its S3 backend against a small S3 on the loopback interface.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

out=$("$root/responses/tools/tofu.sh" check "$here/stack" "$here/bootstrap" 2>&1) || { echo "$out" >&2; exit 1; }
echo "ok: stack/ and bootstrap/ are formatted and valid; an old version of the state, with its secrets, is gone after 90 days"

cd "$root/responses"
go vet ./terraform-remote-state
TOFU=$(go -C "$root/responses/tools/opentofu" tool -n tofu)
export TOFU
out=$(go test -v ./terraform-remote-state 2>&1) || { echo "$out" >&2; exit 1; }
if grep -q -- '--- SKIP' <<<"$out"; then echo "FAIL: a test was skipped" >&2; exit 1; fi
echo "ok: two working copies share one state; it is stored encrypted; the lock is taken and given back"
echo "ok: an apply under a colleague's lock is refused and names the holder"
echo "ok: a sensitive value is hidden on the screen and readable in the state"
echo "ok: partial configuration and a variable both choose the state's key; terraform_remote_state downloads the whole state"
echo "offline: NOT checked: S3 itself, KMS and the bucket policy, because they need an AWS account"
