# Plans with a mocked AWS: what would be asked for. The pools are the real ones, of pools.auto.tfvars.json.
mock_provider "aws" {
  mock_resource "aws_eks_node_group" {
    defaults = {
      resources = [{ autoscaling_groups = [{ name = "eks-x" }], remote_access_security_group_id = "" }]
    }
  }
}

variables {
  region        = "us-east-1"
  cluster_name  = "dev"
  node_role_arn = "arn:aws:iam::123456789000:role/node"
  subnets       = { us-east-1a = "subnet-a", us-east-1b = "subnet-b" }
  people        = { issuer = "https://login.example.com", client_id = "dev-environments" }
}

run "one_node_group_for_each_pool_and_zone" {
  command = plan

  assert {
    condition     = length(aws_eks_node_group.this) == 2 * length(var.pools)
    error_message = "every pool in every zone"
  }

  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : length(g.subnet_ids) == 1 && length(g.instance_types) == 1])
    error_message = "a group with two zones or types cannot be scaled for one volume, one size"
  }
}

run "every_group_starts_empty_and_is_bounded" {
  command = plan

  assert {
    condition = alltrue([
      for g in aws_eks_node_group.this : g.scaling_config[0].min_size == 0 && g.scaling_config[0].desired_size == 0 && g.scaling_config[0].max_size >= 1
    ])
    error_message = "min 0, and a maximum"
  }
}

run "nodes_are_labelled_and_tainted_with_their_group" {
  command = plan

  assert {
    condition = alltrue([
      for g in aws_eks_node_group.this : anytrue([
        for t in g.taint : t.key == "dev.example.com/group" && t.value == g.labels["dev.example.com/group"] && t.effect == "NO_SCHEDULE"
      ])
    ])
    error_message = "general too: nothing lands on a group that did not ask for it"
  }

  assert {
    condition = alltrue([
      for g in aws_eks_node_group.this : anytrue([for t in g.taint : t.key == "nvidia.com/gpu"]) == (g.labels["dev.example.com/group"] == "gpu")
    ])
    error_message = "GPU nodes, and only they, are tainted with nvidia.com/gpu"
  }

  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : (g.ami_type == "AL2023_x86_64_NVIDIA") == (g.labels["dev.example.com/group"] == "gpu")])
    error_message = "GPU nodes need the image with the driver"
  }
}

# The autoscaler adds a node to an empty group only if the tags promise what the pod asks for.
run "the_autoscaler_can_scale_from_zero" {
  command = plan

  assert {
    condition = alltrue([
      for name, g in aws_eks_node_group.this : alltrue([
        for key, value in g.labels :
        aws_autoscaling_group_tag.template["${name} label/${key}"].tag[0].value == value
      ])
    ])
    error_message = "a tag for every label"
  }

  assert {
    condition = alltrue([
      for name, g in aws_eks_node_group.this : alltrue([
        for t in g.taint :
        aws_autoscaling_group_tag.template["${name} taint/${t.key}"].tag[0].value == "${t.value}:NoSchedule"
      ])
    ])
    error_message = "a tag for every taint"
  }

  assert {
    condition     = aws_autoscaling_group_tag.template["gpu-8-us-east-1b resources/nvidia.com/gpu"].tag[0].key == "k8s.io/cluster-autoscaler/node-template/resources/nvidia.com/gpu"
    error_message = "the autoscaler's own spelling"
  }

  assert {
    condition     = aws_autoscaling_group_tag.template["gpu-8-us-east-1b resources/nvidia.com/gpu"].tag[0].value == "8"
    error_message = "GPUs"
  }

  # 256 GiB have to fit: the largest environment that is offered.
  assert {
    condition     = aws_autoscaling_group_tag.template["high-memory-384-us-east-1a resources/memory"].tag[0].value == "${var.pools["high-memory-384"].allocatable_gib}Gi"
    error_message = "what pods can have, as the pool says"
  }

  assert {
    condition     = aws_autoscaling_group_tag.template["general-us-east-1b label/topology.ebs.csi.aws.com/zone"].tag[0].value == "us-east-1b"
    error_message = "a home volume is only found in its zone"
  }
}

run "high_memory_nodes_keep_memory_back_and_have_local_disks" {
  command = plan

  assert {
    condition     = strcontains(base64decode(aws_launch_template.this["high-memory-384"].user_data), "kubeReserved:\n        cpu: 500m\n        memory: 8Gi")
    error_message = "reserved for the kubelet"
  }

  assert {
    condition     = strcontains(base64decode(aws_launch_template.this["high-memory-384"].user_data), "memory.available: 4Gi")
    error_message = "evict before the kernel kills"
  }

  assert {
    condition     = alltrue([for name, pool in var.pools : strcontains(base64decode(aws_launch_template.this[name].user_data), "strategy: RAID0") == pool.nvme])
    error_message = "NVMe disks become scratch space where there are any"
  }

  assert {
    condition     = yamldecode(split("\n\n", trimspace(base64decode(aws_launch_template.this["general"].user_data)))[2]).kind == "NodeConfig"
    error_message = "the node's configuration is YAML"
  }
}

run "pods_cannot_use_the_nodes_role" {
  command = plan

  assert {
    condition = alltrue([
      for t in aws_launch_template.this : t.metadata_options[0].http_tokens == "required" && t.metadata_options[0].http_put_response_hop_limit == 1
    ])
    error_message = "metadata service: one hop, with a token"
  }
}

run "the_autoscaler_changes_its_own_groups_only" {
  command = plan

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.autoscaler.policy).Statement :
      try(s.Condition.StringEquals["aws:ResourceTag/k8s.io/cluster-autoscaler/dev"], "") == "owned"
      if anytrue([for a in s.Action : !can(regex("^[a-z0-9]+:(Describe|Get)", a))])
    ])
    error_message = "whatever changes something needs the cluster's tag"
  }

  assert {
    condition     = !strcontains(jsonencode([for s in jsondecode(aws_iam_role_policy.autoscaler.policy).Statement : s.Action]), "*")
    error_message = "no wildcard actions"
  }
}

run "a_gpu_pool_may_be_in_fewer_zones" {
  command = plan

  variables {
    pools = {
      gpu = { group = "gpu", instance_type = "g6.12xlarge", cpu = 48, memory_gib = 192, allocatable_gib = 181, gpu = 4, max_per_zone = 2, zones = ["us-east-1b"] }
    }
  }

  assert {
    condition     = keys(aws_eks_node_group.this) == ["gpu-us-east-1b"]
    error_message = "only where it is offered"
  }
}

run "refuses_an_unknown_group" {
  command = plan

  variables {
    pools = { x = { group = "fast", instance_type = "m7i.12xlarge", cpu = 48, memory_gib = 192, allocatable_gib = 181, max_per_zone = 1 } }
  }

  expect_failures = [var.pools]
}

run "refuses_high_memory_below_384" {
  command = plan

  variables {
    pools = { x = { group = "high-memory", instance_type = "r7i.8xlarge", cpu = 32, memory_gib = 256, allocatable_gib = 244, max_per_zone = 1 } }
  }

  expect_failures = [var.pools]
}

run "refuses_gpus_in_another_group" {
  command = plan

  variables {
    pools = { x = { group = "general", instance_type = "g6.12xlarge", cpu = 48, memory_gib = 192, allocatable_gib = 181, gpu = 4, max_per_zone = 1 } }
  }

  expect_failures = [var.pools]
}

run "refuses_a_pool_without_a_bound" {
  command = plan

  variables {
    pools = { x = { group = "general", instance_type = "m7i.12xlarge", cpu = 48, memory_gib = 192, allocatable_gib = 181, max_per_zone = 0 } }
  }

  expect_failures = [var.pools]
}

run "what_a_node_can_allocate_is_one_number" {
  command = plan

  # The kubelet's own sum: what the kernel leaves, less kubeReserved and the eviction threshold.
  assert {
    condition = alltrue([for name, pool in var.pools : pool.allocatable_gib == floor(pool.memory_gib * 63 / 64) - 4 - tonumber(
    regex("kubeReserved:\n +cpu: 500m\n +memory: ([0-9]+)Gi", base64decode(aws_launch_template.this[name].user_data))[0])])
    error_message = "the kubelet's reserve and allocatable_gib disagree"
  }

  assert {
    condition     = alltrue([for name, _ in var.pools : strcontains(base64decode(aws_launch_template.this[name].user_data), "singleProcessOOMKill: true")])
    error_message = "out of memory, an environment would lose sshd and all"
  }
}

run "a_group_of_the_directory_is_none_of_the_cluster" {
  command = plan

  assert {
    condition     = aws_eks_identity_provider_config.people.oidc[0].groups_prefix == "oidc:" && aws_eks_identity_provider_config.people.oidc[0].username_prefix == "oidc:"
    error_message = "without a prefix, who names a group system:masters is the cluster's administrator"
  }
}

run "refuses_an_issuer_that_anybody_could_answer_for" {
  command = plan

  variables {
    people = { issuer = "http://login.example.com", client_id = "dev-environments" }
  }

  expect_failures = [var.people]
}
