mock_provider "aws" {
  alias = "images"
}

mock_provider "aws" {
  alias = "people"
}

variables {
  image_account = "111111111111"
  user_account  = "222222222222"
  image_profile = "images-admin"
  user_profile  = "people-admin"
  region        = "eu-central-1"
  repository    = "team/app"
  user_name     = "pusher"
}

run "policies_name_each_other" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.push.assume_role_policy).Statement[0].Principal.AWS == "arn:aws:iam::222222222222:user/pusher"
    error_message = "the role must trust the one user of the other account"
  }
  assert {
    condition     = jsondecode(aws_iam_user_policy.assume.policy).Statement[0].Resource == "arn:aws:iam::111111111111:role/${aws_iam_role.push.name}"
    error_message = "the user must be allowed to assume this role in the repository's account"
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.push.policy).Statement[1].Resource == "arn:aws:ecr:eu-central-1:111111111111:repository/team/app"
    error_message = "pushing must be limited to the one repository"
  }
}

run "same_account_is_refused" {
  command = plan
  variables {
    user_account = "111111111111"
  }
  expect_failures = [var.user_account]
}
