terraform {
  required_version = ">= 1.7"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.82"
    }
  }
}

# allowed_account_ids stops an apply with the wrong profile before it changes anything.
provider "aws" {
  alias               = "images"
  region              = var.region
  profile             = var.image_profile
  allowed_account_ids = [var.image_account]
}

provider "aws" {
  alias               = "people"
  region              = var.region
  profile             = var.user_profile
  allowed_account_ids = [var.user_account]
}
