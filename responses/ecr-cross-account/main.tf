# The repository and the user exist. Missing are one role with two policies there, and one policy here.
terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.82"
    }
  }
}

variable "names" {
  description = "Both accounts' IDs, the repository's region and name without the registry, the user's name without a path, the new role's name."
  type = object({
    image_account = string
    user_account  = string
    region        = string
    repository    = string
    user_name     = string
    role_name     = string
  })
}

variable "profiles" {
  description = "AWS CLI profiles of an administrator of each account."
  type = object({
    image_account = string
    user_account  = string
  })
}

variable "second_factor" {
  description = "Whether the user has to show one: yes for a person, no for CI, which has no phone."
  type        = bool
  default     = true
}

# allowed_account_ids stops an apply with the wrong profile before it changes anything.
provider "aws" {
  alias               = "images"
  region              = var.names.region
  profile             = var.profiles.image_account
  allowed_account_ids = [var.names.image_account]
}

provider "aws" {
  alias               = "users"
  region              = var.names.region
  profile             = var.profiles.user_account
  allowed_account_ids = [var.names.user_account]
}

# In the repository's account: who may become the role, and what the role may do.
resource "aws_iam_role" "push" {
  provider = aws.images

  name               = var.names.role_name
  assume_role_policy = templatefile("${path.module}/policies/${var.second_factor ? "trust" : "trust-ci"}.json", var.names)
}

resource "aws_iam_role_policy" "push" {
  provider = aws.images

  name   = "push"
  role   = aws_iam_role.push.id
  policy = templatefile("${path.module}/policies/push.json", var.names)
}

# In the user's account: the user may ask for the role.
resource "aws_iam_user_policy" "assume" {
  provider = aws.users

  name   = "assume-${var.names.role_name}"
  user   = var.names.user_name
  policy = templatefile("${path.module}/policies/user.json", var.names)
}
