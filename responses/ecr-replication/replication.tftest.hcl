# Plans with a mocked AWS: what would be asked for, nothing of what AWS would answer.
mock_provider "aws" {}

mock_provider "aws" {
  alias = "eu_west_1"
}

variables {
  account_id             = "123456789000"
  replicated_prefixes    = ["webapp", "prod/"]
  vpc_id                 = "vpc-0"
  endpoint_subnet_ids    = ["subnet-a", "subnet-b"]
  node_route_table_ids   = ["rtb-a", "rtb-b"]
  node_security_group_id = "sg-nodes"
}

run "replicates_only_what_is_named" {
  command = plan

  assert {
    condition = toset([
      for f in aws_ecr_replication_configuration.to_eu_west_1.replication_configuration[0].rule[0].repository_filter : f.filter
    ]) == toset(["webapp", "prod/"])
    error_message = "the rule must have exactly the named prefixes"
  }

  assert {
    condition     = aws_ecr_replication_configuration.to_eu_west_1.replication_configuration[0].rule[0].destination[0].region == "eu-west-1"
    error_message = "wrong destination"
  }
}

run "refuses_to_replicate_everything" {
  command = plan

  variables {
    replicated_prefixes = []
  }

  expect_failures = [var.replicated_prefixes]
}

run "copies_expire" {
  command = plan

  assert {
    condition     = aws_ecr_repository_creation_template.replicated.applied_for == toset(["REPLICATION"])
    error_message = "the template must apply to replicated repositories"
  }

  assert {
    # "any" must have the highest number, else ECR refuses the policy.
    condition = (
      [for r in jsondecode(aws_ecr_repository_creation_template.replicated.lifecycle_policy).rules : r.selection.tagStatus if r.rulePriority == max([for x in jsondecode(aws_ecr_repository_creation_template.replicated.lifecycle_policy).rules : x.rulePriority]...)][0] == "any"
    )
    error_message = "the rule for any image must come last"
  }
}

run "pulls_stay_private" {
  command = plan

  assert {
    condition     = toset(keys(aws_vpc_endpoint.ecr)) == toset(["ecr.api", "ecr.dkr"]) && alltrue([for e in aws_vpc_endpoint.ecr : e.private_dns_enabled])
    error_message = "both ECR endpoints, with private DNS"
  }

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "layers must go through the free gateway endpoint"
  }

  assert {
    condition     = [for s in jsondecode(aws_vpc_endpoint.s3.policy).Statement : s.Resource] == ["arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"]
    error_message = "S3: only ECR's layer bucket of eu-west-1"
  }

  assert {
    condition     = alltrue([for e in aws_vpc_endpoint.ecr : alltrue([for s in jsondecode(e.policy).Statement : s.Condition.StringEquals["aws:PrincipalAccount"] == "123456789000"])])
    error_message = "endpoints must serve this account only"
  }
}

run "workload_buckets_stay_reachable" {
  command = plan

  variables {
    workload_bucket_arns = ["arn:aws:s3:::app-data"]
  }

  assert {
    condition     = contains(jsondecode(aws_vpc_endpoint.s3.policy).Statement[1].Resource, "arn:aws:s3:::app-data/*")
    error_message = "the gateway must not cut the workloads off from their own buckets"
  }
}

run "roles_get_no_more_than_they_need" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_policy.node_pull.policy).Statement[1].Resource == ["arn:aws:ecr:eu-west-1:123456789000:repository/prod/*", "arn:aws:ecr:eu-west-1:123456789000:repository/webapp*"]
    error_message = "nodes pull the replicated repositories only"
  }

  assert {
    condition = alltrue([
      for s in concat(jsondecode(aws_iam_policy.node_pull.policy).Statement, jsondecode(aws_iam_policy.ci_replication_status.policy).Statement) :
      !strcontains(jsonencode(s.Action), "*")
    ])
    error_message = "no wildcard actions"
  }
}

# IAM's view of one pull: an action on a resource passes where a statement allows the one and matches the other.
run "endpoint_lets_the_nodes_system_images_through" {
  command = plan

  assert {
    condition = alltrue([
      for action in ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] : alltrue([
        for image in ["602401143452:repository/amazon-k8s-cni", "602401143452:repository/eks/kube-proxy", "602401143452:repository/eks/coredns", "123456789000:repository/webapp"] : anytrue([
          for s in jsondecode(aws_vpc_endpoint.ecr["ecr.dkr"].policy).Statement :
          s.Effect == "Allow" && contains(flatten([s.Action]), action) && anytrue([for r in flatten([s.Resource]) : can(regex("^${replace(r, "*", ".*")}$", "arn:aws:ecr:eu-west-1:${image}"))])
        ])
      ])
    ])
    error_message = "the endpoint refuses a pull that a node needs: its own images, or EKS's add-ons from AWS's registry"
  }

  assert {
    condition = !anytrue([
      for s in jsondecode(aws_vpc_endpoint.ecr["ecr.dkr"].policy).Statement :
      contains(flatten([s.Action]), "ecr:BatchGetImage") && anytrue([for r in flatten([s.Resource]) : can(regex("^${replace(r, "*", ".*")}$", "arn:aws:ecr:eu-west-1:999999999999:repository/any"))])
    ])
    error_message = "the endpoint must not serve a stranger's registry"
  }
}
