mock_provider "aws" {
  alias = "images"
}

mock_provider "aws" {
  alias = "users"
}

variables {
  names = {
    image_account = "111111111111"
    user_account  = "222222222222"
    region        = "eu-central-1"
    repository    = "team/app"
    user_name     = "pusher"
    role_name     = "ecr-push"
  }
  profiles = {
    image_account = "images-admin"
    user_account  = "users-admin"
  }
}

run "policies_name_each_other" {
  command = plan

  assert {
    condition     = aws_iam_role.push.assume_role_policy == templatefile("policies/trust.json", var.names) && strcontains(aws_iam_role.push.assume_role_policy, "arn:aws:iam::222222222222:user/pusher")
    error_message = "the role must trust the one user of the other account, with a second factor"
  }
  assert {
    condition     = aws_iam_user_policy.assume.user == "pusher" && strcontains(aws_iam_user_policy.assume.policy, "arn:aws:iam::111111111111:role/${aws_iam_role.push.name}")
    error_message = "the user must be allowed to assume this role in the repository's account"
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.push.policy, "arn:aws:ecr:eu-central-1:111111111111:repository/team/app")
    error_message = "pushing must be limited to the one repository"
  }
}

run "ci_has_no_second_factor" {
  command = plan
  variables {
    second_factor = false
  }
  assert {
    condition     = aws_iam_role.push.assume_role_policy == templatefile("policies/trust-ci.json", var.names)
    error_message = "a CI user cannot assume the role"
  }
}
