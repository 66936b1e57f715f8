mock_provider "aws" {}

variables {
  account = "111111111111"
  region  = "eu-central-1"
}

# S3 removes an old version only when it is old enough AND enough newer old versions exist. So the rule is applied to the old
# versions of a quiet stack, as S3 would, newest first, by the days since each was overwritten.
run "an_old_secret_goes" {
  command = plan

  assert {
    condition = alltrue([
      for newer, age in [2, 40, 91, 400] : age <= 90 || (
        age >= aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration[0].noncurrent_days &&
        newer >= coalesce(aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration[0].newer_noncurrent_versions, 0)
      )
    ])
    error_message = "a state that was overwritten 91 or 400 days ago, with its secrets, is still there"
  }
  assert {
    condition = alltrue([
      for age in [1, 30, 80] : age < aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration[0].noncurrent_days
    ])
    error_message = "a state of the last 80 days cannot be had back"
  }
}
