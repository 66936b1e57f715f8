resource "google_storage_bucket" "images" {
  name                        = "${var.project_id}-lunch-images"
  location                    = "europe-west1" # beside the cluster; the CDN is what is near the users
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # A phone uploads to uploads/. The API checks what is there and copies it to img/; what is left was never confirmed.
  lifecycle_rule {
    condition {
      matches_prefix = ["uploads/"]
      age            = 1
    }
    action {
      type = "Delete"
    }
  }
}

resource "google_service_account" "api" {
  account_id   = "lunchsharing"
  display_name = "LunchSharing API"
}

# Create, read, delete objects in this bucket; no rights on the bucket itself.
resource "google_storage_bucket_iam_member" "api_objects" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectUser"
  member = google_service_account.api.member
}

# Signing an upload without a key file means asking IAM to sign as oneself.
resource "google_service_account_iam_member" "api_signs" {
  service_account_id = google_service_account.api.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.api.member
}

# The Kubernetes service account lunchsharing, in the namespace of that name, acts as this one.
resource "google_service_account_iam_member" "workload_identity" {
  service_account_id = google_service_account.api.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project_id}.svc.id.goog[lunchsharing/lunchsharing]"
}
