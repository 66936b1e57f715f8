mock_provider "google" {}

variables {
  project_id    = "watch"
  pagerduty_key = "key"
}

run "asks_what_users_ask" {
  command = plan

  assert {
    condition = (
      google_monitoring_uptime_check_config.toolbox.monitored_resource[0].labels.host == "toolbox.example.com"
      && google_monitoring_uptime_check_config.toolbox.http_check[0].path == "/healthz"
      && google_monitoring_uptime_check_config.toolbox.http_check[0].validate_ssl
    )
    error_message = "It must ask for the public name's health check, over TLS with a valid certificate."
  }

  assert {
    condition     = length(google_monitoring_uptime_check_config.toolbox.selected_regions) >= 3
    error_message = "Google demands three places at least."
  }

  assert {
    condition     = google_monitoring_alert_policy.unreachable.conditions[0].condition_threshold[0].threshold_value == 1
    error_message = "One place alone wakes nobody."
  }
}
