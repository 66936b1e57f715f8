mock_provider "google" {}

variables {
  project_id      = "demo"
  project_number  = "1"
  cdn_signing_key = "AAAAAAAAAAAAAAAAAAAAAA=="
  cluster         = "main"
  worker_image    = "europe-west1-docker.pkg.dev/demo/lunchsharing/worker@sha256:0"
}

run "no_served_image_is_ever_deleted" {
  command = plan

  assert {
    condition = alltrue([
      for rule in google_storage_bucket.images.lifecycle_rule :
      one(rule.condition[*].matches_prefix) == tolist(["uploads/"]) if one(rule.action).type == "Delete"
    ])
    error_message = "only unconfirmed uploads may expire"
  }

  assert {
    condition = alltrue([
      for rule in google_storage_bucket.images.lifecycle_rule :
      one(rule.condition[*].matches_prefix) == tolist(["originals/"]) if one(rule.action).type == "SetStorageClass"
    ])
    error_message = "only originals may move to a class that charges for reads"
  }
}

run "images_leave_through_the_cdn_only" {
  command = plan

  assert {
    condition     = google_storage_bucket.images.public_access_prevention == "enforced"
    error_message = "the bucket must not be public"
  }

  assert {
    condition     = google_storage_bucket_iam_member.cdn_reads.member == "serviceAccount:service-1@cloud-cdn-fill.iam.gserviceaccount.com"
    error_message = "the CDN's account must read the bucket"
  }

  assert {
    condition     = flatten([for r in google_compute_url_map.images.path_matcher[0].path_rule : tolist(r.paths)]) == ["/img/*"]
    error_message = "uploads and originals must not be served"
  }
}

run "only_originals_reach_the_worker" {
  command = plan

  assert {
    condition     = google_storage_notification.originals.object_name_prefix == "originals/" && google_storage_notification.originals.event_types == toset(["OBJECT_FINALIZE"])
    error_message = "the worker's own writes to img/ must not call it again"
  }
}

run "short_signing_key_is_refused" {
  command = plan

  variables {
    cdn_signing_key = "c2hvcnQ="
  }

  expect_failures = [var.cdn_signing_key]
}
