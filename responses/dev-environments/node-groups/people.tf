# People come to the cluster by the company's directory, from a terminal and through the page alike: the page is told the same
# issuer, claims and prefix, and a person has one name everywhere. A team's people are the directory's group team-NAME.
resource "aws_eks_identity_provider_config" "people" {
  cluster_name = var.cluster_name

  oidc {
    identity_provider_config_name = "people"
    issuer_url                    = var.people.issuer
    client_id                     = var.people.client_id
    username_claim                = "email"
    username_prefix               = "oidc:"
    groups_claim                  = "groups"
    groups_prefix                 = "oidc:" # never a group of the cluster's own, whatever the directory calls its groups
  }
}
