#!/usr/bin/env bash
# The three policies say what the answer says, and the Terraform around them is valid and consistent.
# shellcheck disable=SC2016 # ${...} in a policy is filled in by templatefile or envsubst, not by this shell
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
command -v jq >/dev/null || "$root/hack/apt.sh" jq

# says FILE FILTER MEANING: the filter must be true for the policy.
says() {
  jq -e "$2" "$here/policies/$1" >/dev/null || { echo "FAIL: $1: not so: $3" >&2; exit 1; }
  echo "ok: $1: $3"
}

# The six actions of https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html, and no seventh.
says push.json '[.Statement[1].Action[]] | sort == ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
  "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"]' "exactly the six actions of a push"
says push.json '[.Statement[] | select(.Resource == "*") | .Action] == ["ecr:GetAuthorizationToken"]' "only GetAuthorizationToken has the resource *"
says push.json '.Statement[1].Resource | endswith(":repository/${repository}")' "pushing is limited to one repository"
says trust.json '[.Statement[].Principal.AWS] | all(endswith(":user/${user_name}"))' "trusts one user, no account, no *"
says trust.json '.Statement[0].Condition.Bool["aws:MultiFactorAuthPresent"] == "true"' "asks for a second factor"
# With a plain access key aws:MultiFactorAuthPresent is absent: Bool is then false, BoolIfExists would be true.
says trust.json '[.Statement[].Condition | has("BoolIfExists")] | any | not' "an access key alone is refused"
says trust.json '.Statement[0].Condition.StringEquals["sts:RoleSessionName"] == "${user_name}"' "the session carries the user's name"
says user.json '[.Statement[] | [.Action, .Resource]] == [["sts:AssumeRole", "arn:aws:iam::${image_account}:role/${role_name}"]]' "may assume this role and nothing else"

# The profile that README.md gives to the person asks for what the three policies allow.
profile() { sed -n "/^\\[profile ecr-push\\]/,/^\`\`\`/s/^$1 *= *//p" "$here/README.md"; }
role=$(profile role_arn) device=$(profile mfa_serial) session=$(profile role_session_name)
[ -n "$device" ] || { echo "FAIL: README.md: the profile has no mfa_serial, and the trust policy asks for a second factor" >&2; exit 1; }
[ "$session" = "${device##*/}" ] || { echo "FAIL: README.md: the session is not called like the user ${device##*/}, and is refused" >&2; exit 1; }
[[ $(cut -d: -f5 <<<"$role") != $(cut -d: -f5 <<<"$device") ]] || { echo "FAIL: README.md: the role is in the user's account" >&2; exit 1; }
lead=$(sed -n '3,/^$/p' "$here/README.md" | tr '\n' ' ')
[[ $lead == *"second factor"*person* ]] || { echo "FAIL: README.md: the lead does not say that a second factor means a person" >&2; exit 1; }
echo "ok: README.md: the profile asks for what the policies allow; the lead says that it is for a person"

out=$("$root/responses/tools/tofu.sh" check "$here" 2>&1) || { echo "$out" >&2; exit 1; }
echo "ok: the Terraform is formatted and valid; its test passes: the policies name each other's account, user, role and repository"
echo "offline: NOT checked: that AWS accepts the policies and the push, because it needs two accounts (iam simulate-principal-policy, then the commands in README.md)"
