# For nodes whose policy names us-east-1 only. AWS's managed AmazonEC2ContainerRegistryPullOnly has no
# region in it: nodes that use it need nothing.
resource "aws_iam_policy" "node_pull" {
  name        = "ecr-pull-eu-west-1"
  description = "Pull the replicated repositories in eu-west-1"

  policy = templatefile("${path.module}/policies/node-pull.json.tftpl", {
    account_id = var.account_id
    prefixes   = var.replicated_prefixes
  })
}

# For GitLab CI's role: lets the deploy job wait until the image has arrived (wait-for-replication.sh).
resource "aws_iam_policy" "ci_replication_status" {
  name        = "ecr-replication-status"
  description = "Read the replication status of images in us-east-1"

  policy = templatefile("${path.module}/policies/ci-replication-status.json.tftpl", {
    account_id = var.account_id
    prefixes   = var.replicated_prefixes
  })
}
