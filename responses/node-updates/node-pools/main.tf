# How many nodes leave at once: one, and a new one comes first. Only the update settings matter here.
terraform {
  required_version = ">= 1.7"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.82"
    }
    google = {
      source  = "hashicorp/google"
      version = ">= 5.45"
    }
  }
}

variable "eks" {
  description = "Existing EKS cluster, node role and private subnets, one in each zone."
  type = object({
    cluster  = string
    node_arn = string
    subnets  = list(string)
  })
}

variable "gke" {
  description = "Existing GKE cluster and its location."
  type = object({
    cluster  = string
    location = string
  })
}

resource "aws_eks_node_group" "web" {
  cluster_name    = var.eks.cluster
  node_group_name = "web"
  node_role_arn   = var.eks.node_arn
  subnet_ids      = var.eks.subnets

  scaling_config {
    min_size     = 4
    desired_size = 4
    max_size     = 8
  }

  update_config {
    max_unavailable = 1
  }

  # False: when a budget blocks, the update fails and asks. True would delete the pods all the same.
  force_update_version = false
}

resource "google_container_node_pool" "web" {
  name       = "web"
  cluster    = var.gke.cluster
  location   = var.gke.location
  node_count = 2 # in each zone

  upgrade_settings {
    strategy        = "SURGE"
    max_surge       = 1
    max_unavailable = 0
  }

  management {
    auto_repair  = true
    auto_upgrade = true # when: the cluster's maintenance window
  }
}
