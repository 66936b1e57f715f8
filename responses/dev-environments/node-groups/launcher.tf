# The cluster trusts GitHub's tokens for one workflow, ../launch.yaml, and takes the person and the team from them: a launch by
# the form may do what that team's people may do from a terminal. A cluster has one such provider; people come by another way
# (IAM, access entries).
resource "aws_eks_identity_provider_config" "launcher" {
  cluster_name = var.cluster_name

  oidc {
    identity_provider_config_name = "github-launch"
    issuer_url                    = "https://token.actions.githubusercontent.com"
    client_id                     = "dev-environments"
    username_claim                = "actor"
    username_prefix               = "github:"
    groups_claim                  = "environment" # team-NAME, whose required reviewers are the team; the team's role is bound to it

    required_claims = {
      job_workflow_ref = var.launch_workflow
    }
  }
}
