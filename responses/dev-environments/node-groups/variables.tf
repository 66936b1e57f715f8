variable "region" {
  description = "Region of the cluster."
  type        = string
}

variable "cluster_name" {
  description = "The EKS cluster that the node groups join. It has a small untainted node group of its own for the system's pods."
  type        = string
}

variable "node_role_arn" {
  description = "Role of the nodes: AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly, nothing that an environment could misuse."
  type        = string
}

variable "people" {
  description = "The company's directory: its OpenID Connect issuer, and the client that people's tokens are for."
  type        = object({ issuer = string, client_id = string })

  validation {
    condition     = startswith(var.people.issuer, "https://")
    error_message = "An issuer is an https:// address: its keys are fetched from there."
  }
}

variable "subnets" {
  description = "Private subnet of each zone that gets nodes: zone name => subnet ID."
  type        = map(string)

  validation {
    condition     = length(var.subnets) > 0
    error_message = "Name at least one zone."
  }
}

# The values are in pools.auto.tfvars.json: the cluster's test makes its nodes from the same file.
variable "pools" {
  description = "Kinds of nodes. Several pools may serve one group; group is what a person chooses and a team is granted."

  type = map(object({
    group         = string
    instance_type = string
    cpu           = number # of instance_type: the autoscaler's and the test's idea of an empty node
    memory_gib    = number
    # What pods can have of it: the one number that the autoscaler, the kubelet and the test go by. The kernel keeps a 64th for
    # its page descriptors; of the rest the kubelet and the system are left the difference, with the eviction threshold of 4 GiB.
    allocatable_gib = number
    gpu             = optional(number, 0)
    nvme            = optional(bool, false) # local NVMe disks become the node's scratch space
    disk_gib        = optional(number, 200) # root volume: images
    max_per_zone    = number
    zones           = optional(set(string)) # default: all of var.subnets. GPU types are not in every zone.
    capacity_type   = optional(string, "ON_DEMAND")
  }))

  validation {
    condition     = alltrue([for p in var.pools : contains(["general", "high-memory", "gpu"], p.group)])
    error_message = "A pool's group is one of general, high-memory, gpu: the chart and the teams know no other."
  }

  validation {
    condition     = alltrue([for p in var.pools : p.memory_gib >= 384 if p.group == "high-memory"])
    error_message = "A high-memory node has 384 GiB or more: environments of 256 GiB have to fit, with room for the data that they share."
  }

  validation {
    condition     = alltrue([for p in var.pools : (p.gpu > 0) == (p.group == "gpu")])
    error_message = "A pool has GPUs if and only if its group is gpu, else an expensive node serves those who did not ask for it."
  }

  validation {
    condition     = alltrue([for p in var.pools : p.allocatable_gib > p.memory_gib * 3 / 4 && p.allocatable_gib <= floor(p.memory_gib * 63 / 64) - 5])
    error_message = "Pods get more than three quarters of a node's memory, and leave a 64th, the eviction threshold of 4 GiB and 1 GiB more."
  }

  validation {
    condition     = alltrue([for p in var.pools : contains(["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"], p.capacity_type)])
    error_message = "capacity_type is ON_DEMAND, SPOT or CAPACITY_BLOCK."
  }

  validation {
    condition     = alltrue([for p in var.pools : p.max_per_zone >= 1])
    error_message = "max_per_zone is the most that a pool may cost: at least 1. Every pool starts at 0."
  }
}
