locals {
  # One node group for each pool and zone: a home volume cannot leave its zone, and the autoscaler can only add a node
  # in the zone that a pod needs if the group has no other.
  node_groups = merge([
    for name, pool in var.pools : {
      for zone in coalesce(pool.zones, keys(var.subnets)) : "${name}-${zone}" => merge(pool, { pool = name, zone = zone })
    }
  ]...)

  taints = {
    for name, pool in var.pools : name => merge(
      { "dev.example.com/group" = pool.group },
      pool.gpu > 0 ? { "nvidia.com/gpu" = "present" } : {},
    )
  }

  # What the autoscaler cannot see of a group that has no node: its labels, taints and resources.
  template = "k8s.io/cluster-autoscaler/node-template"
  template_tags = merge([
    for name, g in local.node_groups : merge(
      { for key, value in {
        "label/dev.example.com/group"               = g.group
        "label/topology.ebs.csi.aws.com/zone"       = g.zone
        "resources/cpu"                             = tostring(g.cpu)
        "resources/memory"                          = "${g.allocatable_gib}Gi"
        "resources/ephemeral-storage"               = "${g.disk_gib}Gi"
        "autoscaling-options/scaledownunneededtime" = g.gpu > 0 ? "5m0s" : "10m0s"
      } : "${name} ${key}" => { node_group = name, key = "${local.template}/${key}", value = value } },
      { for key, value in local.taints[g.pool] :
        "${name} taint/${key}" => { node_group = name, key = "${local.template}/taint/${key}", value = "${value}:NoSchedule" }
      },
      g.gpu > 0 ? {
        "${name} resources/nvidia.com/gpu" = { node_group = name, key = "${local.template}/resources/nvidia.com/gpu", value = tostring(g.gpu) }
      } : {},
    )
  ]...)
}

resource "aws_eks_node_group" "this" {
  for_each = local.node_groups

  cluster_name    = var.cluster_name
  node_group_name = each.key
  node_role_arn   = var.node_role_arn
  subnet_ids      = [var.subnets[each.value.zone]]
  instance_types  = [each.value.instance_type] # one: the autoscaler takes all of a group's nodes for equal
  capacity_type   = each.value.capacity_type
  ami_type        = each.value.gpu > 0 ? "AL2023_x86_64_NVIDIA" : "AL2023_x86_64_STANDARD"

  labels = {
    "dev.example.com/group" = each.value.group
  }

  dynamic "taint" {
    for_each = local.taints[each.value.pool]

    content {
      key    = taint.key
      value  = taint.value
      effect = "NO_SCHEDULE"
    }
  }

  scaling_config {
    min_size     = 0
    max_size     = each.value.max_per_zone
    desired_size = 0
  }

  update_config {
    max_unavailable = 1
  }

  launch_template {
    id      = aws_launch_template.this[each.value.pool].id
    version = aws_launch_template.this[each.value.pool].latest_version
  }

  lifecycle {
    ignore_changes = [scaling_config[0].desired_size] # the autoscaler's
  }
}

resource "aws_autoscaling_group_tag" "template" {
  for_each = local.template_tags

  # A managed node group has exactly one.
  autoscaling_group_name = aws_eks_node_group.this[each.value.node_group].resources[0].autoscaling_groups[0].name

  tag {
    key                 = each.value.key
    value               = each.value.value
    propagate_at_launch = false
  }
}

resource "aws_launch_template" "this" {
  for_each = var.pools

  name_prefix            = "${var.cluster_name}-${each.key}-"
  update_default_version = true

  user_data = base64encode(templatefile("${path.module}/user-data.tftpl", {
    # The eviction threshold is part of it, and not the default 100 MiB: a process fills that before the kubelet looks (10 s).
    kube_reserved_gib      = floor(each.value.memory_gib * 63 / 64) - 4 - each.value.allocatable_gib
    eviction_gib           = 4
    local_storage_strategy = each.value.nvme ? "RAID0" : ""
  }))

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = each.value.disk_gib
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
    }
  }

  # One hop: pods do not reach the node's credentials, whatever a network policy says.
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}
