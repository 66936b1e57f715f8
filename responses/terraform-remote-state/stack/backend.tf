terraform {
  required_version = ">= 1.11" # use_lockfile: general in Terraform 1.11, in OpenTofu since 1.10

  # Literals, which Terraform and OpenTofu both take. No credentials here; they come from the environment.
  backend "s3" {
    bucket       = "example-111111111111-tofu-state"
    key          = "prod/network/terraform.tfstate" # one key a stack and environment
    region       = "eu-central-1"
    encrypt      = true
    kms_key_id   = "arn:aws:kms:eu-central-1:111111111111:alias/tofu-state"
    use_lockfile = true # a second apply is refused while <key>.tflock exists

    allowed_account_ids = ["111111111111"] # the wrong profile stops at init
  }
}
