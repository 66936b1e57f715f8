# The repository and the user exist. Missing are one role with two policies here, and one policy there.

locals {
  names = {
    image_account = var.image_account
    region        = var.region
    repository    = var.repository
    role_name     = var.role_name
    user_account  = var.user_account
    user_name     = var.user_name
  }
}

# In the repository's account: who may become the role, and what the role may do.
resource "aws_iam_role" "push" {
  provider = aws.images

  name                 = var.role_name
  description          = "Pushes to ${var.repository}; assumed by ${var.user_name} of account ${var.user_account}"
  assume_role_policy   = templatefile("${path.module}/policies/trust.json", local.names)
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "push" {
  provider = aws.images

  name   = "push"
  role   = aws_iam_role.push.id
  policy = templatefile("${path.module}/policies/push.json", local.names)
}

# In the user's account: the user may ask for the role.
resource "aws_iam_user_policy" "assume" {
  provider = aws.people

  name   = "assume-${var.role_name}"
  user   = var.user_name
  policy = templatefile("${path.module}/policies/user.json", local.names)
}

output "role_arn" {
  description = "For role_arn in the user's ~/.aws/config."
  value       = aws_iam_role.push.arn
}
