terraform {
  required_version = ">= 1.7"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 5.45"
    }
  }
}

provider "google" {
  project = var.project_id
  region  = "europe-west1"
}

variable "project_id" {
  type = string
}

variable "project_number" {
  description = "Cloud CDN's own service account has it in its name."
  type        = string
}

variable "cluster" {
  description = "The existing GKE cluster."
  type        = string
}

variable "image_host" {
  description = "Host name of the images, one of their own so that they need no cookies."
  type        = string
  default     = "img.lunch.example"
}

variable "cdn_signing_key" {
  description = "128 random bits, base64url: head -c 16 /dev/urandom | base64 | tr +/ -_. The API reads the same from Secret Manager."
  type        = string
  sensitive   = true
}
