variable "account_id" {
  description = "The account that owns both registries: one registry a region, same account ID."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An AWS account ID has 12 digits."
  }
}

variable "replicated_prefixes" {
  description = "Repositories whose name starts with one of these are copied. Keep build caches and CI helpers out: every copied GB is paid for twice."
  type        = set(string)

  validation {
    # ECR takes a rule without filters for "all repositories".
    condition     = length(var.replicated_prefixes) > 0 && length(var.replicated_prefixes) <= 100
    error_message = "Name 1 to 100 prefixes: an empty list would replicate the whole registry."
  }
}

variable "vpc_id" {
  description = "VPC of the cluster in eu-west-1."
  type        = string
}

variable "endpoint_subnet_ids" {
  description = "One private subnet for each zone that gets an endpoint. Each zone costs an hourly fee for each endpoint."
  type        = set(string)
}

variable "node_route_table_ids" {
  description = "Route tables of the node subnets. They must not have an S3 gateway endpoint yet."
  type        = set(string)
}

variable "node_security_group_id" {
  description = "Security group of the nodes: the only source that may reach the endpoints."
  type        = string
}

variable "workload_bucket_arns" {
  description = "Buckets in S3 that the workloads use themselves: the gateway endpoint sees all S3 traffic of the subnets, not only layers."
  type        = set(string)
  default     = []
}
