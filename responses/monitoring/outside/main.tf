# The check from outside: Google asks from several continents, and pages by itself. Nothing of it is in the cluster, so it
# sees what the cluster cannot: that the cluster, its network, its DNS or its Prometheus is gone.
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
}

variable "project_id" {
  type        = string
  description = "A project that does not share the cluster's fate: another one, best in another organization's billing."
}

variable "pagerduty_key" {
  type        = string
  description = "The integration key of the service that wakes a person."
  sensitive   = true
}

locals {
  host = "toolbox.example.com"
  path = "/healthz"
}

resource "google_monitoring_uptime_check_config" "toolbox" {
  display_name     = "toolbox from outside"
  timeout          = "5s"
  period           = "60s"
  selected_regions = ["EUROPE", "USA", "ASIA_PACIFIC"]

  http_check {
    path         = local.path
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  content_matchers {
    content = "\"ok\":"
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project_id
      host       = local.host
    }
  }
}

resource "google_monitoring_notification_channel" "on_call" {
  display_name = "on-call"
  type         = "pagerduty"

  sensitive_labels {
    service_key = var.pagerduty_key
  }
}

resource "google_monitoring_alert_policy" "unreachable" {
  display_name          = "toolbox does not answer from outside"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.on_call.id]

  conditions {
    display_name = "failed from two places for two minutes"

    condition_threshold {
      filter          = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND resource.type=\"uptime_url\" AND metric.labels.check_id=\"${google_monitoring_uptime_check_config.toolbox.uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"

      # One place alone may have trouble of its own.
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }

  documentation {
    content = "See NOTES.md, When it rings. If nothing in the cluster rings as well, the cluster itself may be gone."
  }
}
