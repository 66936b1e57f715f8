variable "project_id" {
  type = string
}

variable "project_number" {
  description = "Cloud CDN's own service account has it in its name."
  type        = string
}

variable "cluster" {
  description = "The GKE cluster that is there."
  type        = string
}

variable "worker_image" {
  description = "Image of worker/, by digest: gcloud run deploy --source, or a build of one's own."
  type        = string
}

variable "api_host" {
  description = "Host name of the API, as in k8s/gateway.yaml."
  type        = string
  default     = "api.lunch.example"
}

variable "image_host" {
  description = "Host name of the images, its own so that they need no cookies."
  type        = string
  default     = "img.lunch.example"
}

variable "cdn_signing_key" {
  description = "128 random bits, base64url: head -c 16 /dev/urandom | base64 | tr +/ -_. The app reads the same from Secret Manager."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{22}==$", var.cdn_signing_key))
    error_message = "Cloud CDN takes exactly 16 bytes in base64url."
  }
}
