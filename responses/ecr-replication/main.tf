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

variable "account_id" {
  description = "The account that owns both registries: one registry a region, same account ID."
  type        = string
}

variable "replicated_prefixes" {
  description = "Repositories whose name starts with one of these are copied. Keep build caches out: every copied GB is paid for twice."
  type        = set(string)

  validation {
    # ECR takes a rule without filters for "all repositories".
    condition     = length(var.replicated_prefixes) > 0 && length(var.replicated_prefixes) <= 100
    error_message = "Name 1 to 100 prefixes: an empty list would replicate the whole registry."
  }
}

variable "cluster" {
  description = "The new cluster's VPC; one private subnet for each zone that gets an endpoint; the nodes' route tables and security group."
  type = object({
    vpc                 = string
    endpoint_subnets    = set(string)
    node_route_tables   = set(string)
    node_security_group = string
  })
}

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

# Replication makes the repositories in eu-west-1. Without this they would have no lifecycle policy, and the copies would stay for ever.
resource "aws_ecr_repository_creation_template" "replicated" {
  provider = aws.eu_west_1

  prefix      = "ROOT" # every repository that no other template matches
  applied_for = ["REPLICATION"]
  description = "Settings of repositories that replication from us-east-1 creates"

  # Mutable on purpose: the source decides. With IMMUTABLE here a tag moved in us-east-1 could not follow.
  image_tag_mutability = "MUTABLE"
  lifecycle_policy     = file("${path.module}/lifecycle.json")
}

# ECR needs three doors: ecr.api (token), ecr.dkr (manifests), and S3, where the layers are. Their default policies let everything through
# that IAM allows: also the images of EKS's add-ons, which are in AWS's own account, and the workloads' own buckets.
resource "aws_vpc_endpoint" "ecr" {
  provider = aws.eu_west_1
  for_each = toset(["ecr.api", "ecr.dkr"])

  vpc_id              = var.cluster.vpc
  service_name        = "com.amazonaws.eu-west-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.cluster.endpoint_subnets
  security_group_ids  = [aws_security_group.ecr_endpoints.id]
  private_dns_enabled = true # the registry's ordinary name then leads here: no change on nodes or in manifests
}

resource "aws_vpc_endpoint" "s3" {
  provider = aws.eu_west_1

  vpc_id            = var.cluster.vpc
  service_name      = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type = "Gateway" # free, unlike the interface kind; a route table takes one, so look whether it is there
  route_table_ids   = var.cluster.node_route_tables
}

resource "aws_security_group" "ecr_endpoints" {
  provider = aws.eu_west_1

  name        = "ecr-endpoints"
  description = "HTTPS from the cluster's nodes to the ECR interface endpoints"
  vpc_id      = var.cluster.vpc
}

resource "aws_vpc_security_group_ingress_rule" "nodes_https" {
  provider = aws.eu_west_1

  security_group_id            = aws_security_group.ecr_endpoints.id
  referenced_security_group_id = var.cluster.node_security_group
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
