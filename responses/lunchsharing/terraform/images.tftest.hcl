mock_provider "google" {}

variables {
  project_id      = "demo"
  project_number  = "1"
  cdn_signing_key = "AAAAAAAAAAAAAAAAAAAAAA=="
  cluster         = "main"
}

run "images_leave_through_the_cdn_only_and_stay" {
  command = plan

  assert {
    condition     = [for rule in google_storage_bucket.images.lifecycle_rule : one(rule.condition[*].matches_prefix)] == [tolist(["uploads/"])]
    error_message = "only unconfirmed uploads may expire"
  }

  assert {
    condition     = google_storage_bucket.images.public_access_prevention == "enforced" && google_storage_bucket.images.uniform_bucket_level_access
    error_message = "the bucket must not be public"
  }

  assert {
    condition     = google_storage_bucket_iam_member.cdn_reads.role == "roles/storage.objectViewer" && google_storage_bucket_iam_member.cdn_reads.member == "serviceAccount:service-1@cloud-cdn-fill.iam.gserviceaccount.com"
    error_message = "the CDN's account must read the bucket, and no more"
  }

  assert {
    condition     = google_storage_bucket_iam_member.api_objects.role == "roles/storage.objectUser" && google_service_account_iam_member.api_signs.role == "roles/iam.serviceAccountTokenCreator"
    error_message = "the API reads and writes objects, and signs"
  }

  assert {
    condition     = flatten([for r in google_compute_url_map.images.path_matcher[0].path_rule : tolist(r.paths)]) == ["/img/*"]
    error_message = "uploads must not be served"
  }
}
