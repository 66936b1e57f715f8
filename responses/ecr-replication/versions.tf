terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.82"
    }
  }
}

# Where GitLab CI pushes. Nothing changes for it.
provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = [var.account_id]
}

# Where the new cluster runs.
provider "aws" {
  alias               = "eu_west_1"
  region              = "eu-west-1"
  allowed_account_ids = [var.account_id]
}
