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
says trust.json '.Statement[0].Condition.StringEquals["sts:RoleSessionName"] == "${user_name}"' "the session carries the user's name"
says user.json '[.Statement[] | [.Action, .Resource]] == [["sts:AssumeRole", "arn:aws:iam::${image_account}:role/${role_name}"]]' "may assume this role and nothing else"

out=$("$root/hack/responses/tofu.sh" check "$here" 2>&1) || { echo "$out" >&2; exit 1; }
echo "ok: the Terraform is formatted and valid; its test passes: the policies name each other's account, user, role and repository"
echo "offline: NOT checked: that AWS accepts the policies and the push, because it needs two accounts (iam simulate-principal-policy, then the commands in README.md)"
