# Plans with a mocked AWS: what would be asked for, nothing of what AWS would answer.
mock_provider "aws" {}

mock_provider "aws" {
  alias = "eu_west_1"
}

variables {
  account_id          = "123456789000"
  replicated_prefixes = ["webapp", "prod/"]
  cluster = {
    vpc                 = "vpc-0"
    endpoint_subnets    = ["subnet-a", "subnet-b"]
    node_route_tables   = ["rtb-a", "rtb-b"]
    node_security_group = "sg-nodes"
  }
}

run "copies_what_is_named_and_lets_it_expire" {
  command = plan

  assert {
    condition = aws_ecr_replication_configuration.to_eu_west_1.replication_configuration[0].rule[0].destination[0].region == "eu-west-1" && toset([
      for f in aws_ecr_replication_configuration.to_eu_west_1.replication_configuration[0].rule[0].repository_filter : f.filter
    ]) == toset(["webapp", "prod/"])
    error_message = "the rule must copy exactly the named prefixes to eu-west-1"
  }

  assert {
    condition     = aws_ecr_repository_creation_template.replicated.applied_for == toset(["REPLICATION"]) && aws_ecr_repository_creation_template.replicated.prefix == "ROOT"
    error_message = "the template must apply to every replicated repository"
  }
}

run "pulls_stay_private_and_in_the_region" {
  command = plan

  assert {
    condition = {
      for e in concat(values(aws_vpc_endpoint.ecr), [aws_vpc_endpoint.s3]) : e.service_name => e.vpc_endpoint_type
      } == {
      "com.amazonaws.eu-west-1.ecr.api" = "Interface"
      "com.amazonaws.eu-west-1.ecr.dkr" = "Interface"
      "com.amazonaws.eu-west-1.s3"      = "Gateway"
    }
    error_message = "three endpoints in eu-west-1, S3's the free kind"
  }

  assert {
    condition     = alltrue([for e in aws_vpc_endpoint.ecr : e.private_dns_enabled && e.subnet_ids == toset(["subnet-a", "subnet-b"])])
    error_message = "private DNS, in each zone"
  }

  assert {
    condition     = aws_vpc_endpoint.s3.route_table_ids == toset(["rtb-a", "rtb-b"]) && aws_vpc_security_group_ingress_rule.nodes_https.from_port == 443 && aws_vpc_security_group_ingress_rule.nodes_https.to_port == 443
    error_message = "the nodes must reach the endpoints"
  }
}

run "refuses_to_replicate_everything" {
  command = plan

  variables {
    replicated_prefixes = []
  }

  expect_failures = [var.replicated_prefixes]
}
