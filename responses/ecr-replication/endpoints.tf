# ECR needs three doors: ecr.api (token), ecr.dkr (manifests), and S3, where the layers are.
resource "aws_security_group" "ecr_endpoints" {
  provider = aws.eu_west_1

  name        = "ecr-endpoints"
  description = "HTTPS from the cluster's nodes to the ECR interface endpoints"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "nodes_https" {
  provider = aws.eu_west_1

  security_group_id            = aws_security_group.ecr_endpoints.id
  referenced_security_group_id = var.node_security_group_id
  description                  = "nodes"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_endpoint" "ecr" {
  provider = aws.eu_west_1
  for_each = toset(["ecr.api", "ecr.dkr"])

  vpc_id             = var.vpc_id
  service_name       = "com.amazonaws.eu-west-1.${each.key}"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = var.endpoint_subnet_ids
  security_group_ids = [aws_security_group.ecr_endpoints.id]

  # The registry's ordinary name then resolves to the endpoint: no change on nodes or in manifests.
  private_dns_enabled = true

  # 602401143452 in it is AWS's registry of EKS add-ons in eu-west-1 (vpc-cni, kube-proxy, coredns). With private DNS
  # their pulls come through here too; without them no new node gets ready.
  # https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
  policy = templatefile("${path.module}/policies/ecr-endpoint.json.tftpl", {
    account_id = var.account_id
  })
}

resource "aws_vpc_endpoint" "s3" {
  provider = aws.eu_west_1

  vpc_id            = var.vpc_id
  service_name      = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type = "Gateway" # free, unlike the interface kind
  route_table_ids   = var.node_route_table_ids

  policy = templatefile("${path.module}/policies/s3-endpoint.json.tftpl", {
    workload_bucket_arns = var.workload_bucket_arns
  })
}
