# New originals make a message each, the worker answers it with the served sizes. worker/ is its program.
data "google_storage_project_service_account" "gcs" {}

resource "google_pubsub_topic" "originals" {
  name = "lunch-originals"
}

resource "google_pubsub_topic_iam_member" "bucket_publishes" {
  topic  = google_pubsub_topic.originals.id
  role   = "roles/pubsub.publisher"
  member = data.google_storage_project_service_account.gcs.member
}

resource "google_storage_notification" "originals" {
  bucket             = google_storage_bucket.images.name
  topic              = google_pubsub_topic.originals.id
  payload_format     = "NONE" # bucket and name are attributes
  event_types        = ["OBJECT_FINALIZE"]
  object_name_prefix = "originals/"

  depends_on = [google_pubsub_topic_iam_member.bucket_publishes]
}

resource "google_service_account" "worker" {
  account_id   = "lunch-worker"
  display_name = "LunchSharing resize worker"
}

resource "google_storage_bucket_iam_member" "worker_objects" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectUser"
  member = google_service_account.worker.member
}

resource "google_cloud_run_v2_service" "worker" {
  name     = "lunch-worker"
  location = "europe-west1"
  ingress  = "INGRESS_TRAFFIC_INTERNAL_ONLY" # Pub/Sub of the same project counts as internal

  template {
    service_account                  = google_service_account.worker.email
    max_instance_request_concurrency = 1 # one photo at a time in 2 GiB
    timeout                          = "60s"

    scaling {
      min_instance_count = 0
      max_instance_count = 20 # the bill's upper bound; what waits, waits in Pub/Sub
    }

    containers {
      image = var.worker_image

      resources {
        limits = {
          cpu    = "1"
          memory = "2Gi"
        }
      }
    }
  }
}

resource "google_service_account" "worker_caller" {
  account_id   = "lunch-worker-caller"
  display_name = "Pub/Sub's pushes to the resize worker"
}

resource "google_cloud_run_v2_service_iam_member" "pushes_only" {
  name     = google_cloud_run_v2_service.worker.name
  location = google_cloud_run_v2_service.worker.location
  role     = "roles/run.invoker"
  member   = google_service_account.worker_caller.member
}

resource "google_pubsub_subscription" "worker" {
  name                       = "lunch-worker"
  topic                      = google_pubsub_topic.originals.id
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"

  push_config {
    push_endpoint = google_cloud_run_v2_service.worker.uri

    oidc_token {
      service_account_email = google_service_account.worker_caller.email
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
}
