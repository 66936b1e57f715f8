variable "image_account" {
  description = "Account ID that holds the ECR repository."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.image_account))
    error_message = "An account ID has 12 digits."
  }
}

variable "user_account" {
  description = "Account ID that holds the IAM user."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.user_account)) && var.user_account != var.image_account
    error_message = "An account ID has 12 digits, and the user lives in another account than the repository."
  }
}

variable "image_profile" {
  description = "AWS CLI profile of an administrator of the repository's account."
  type        = string
}

variable "user_profile" {
  description = "AWS CLI profile of an administrator of the user's account."
  type        = string
}

variable "region" {
  description = "Region of the repository."
  type        = string
}

variable "repository" {
  description = "Name of the repository, without the registry."
  type        = string
}

variable "user_name" {
  description = "Name of the IAM user, without a path."
  type        = string
}

variable "role_name" {
  description = "Name of the role to create."
  type        = string
  default     = "ecr-push"
}
