# Registry-wide and only once a region: this resource owns ALL replication rules of us-east-1.
# Look first: aws ecr describe-registry --region us-east-1
resource "aws_ecr_replication_configuration" "to_eu_west_1" {
  replication_configuration {
    rule {
      destination {
        region      = "eu-west-1"
        registry_id = var.account_id
      }

      dynamic "repository_filter" {
        for_each = var.replicated_prefixes

        content {
          filter      = repository_filter.value
          filter_type = "PREFIX_MATCH"
        }
      }
    }
  }

  # The template only works on repositories that do not exist yet.
  depends_on = [aws_ecr_repository_creation_template.replicated]
}

# Replication creates the repositories in eu-west-1 with default settings, which means: no lifecycle
# policy, so the copies would stay (and cost) for ever.
resource "aws_ecr_repository_creation_template" "replicated" {
  provider = aws.eu_west_1

  prefix      = "ROOT" # every repository without a template of its own
  applied_for = ["REPLICATION"]
  description = "Settings of repositories that replication from us-east-1 creates"

  # Mutable on purpose: the source decides. With IMMUTABLE here a tag moved in us-east-1 could not follow.
  image_tag_mutability = "MUTABLE"
  lifecycle_policy     = file("${path.module}/policies/lifecycle.json")
}
