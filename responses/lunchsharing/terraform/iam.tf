resource "google_service_account" "app" {
  account_id   = "lunchsharing"
  display_name = "LunchSharing API"
}

# Create, read, delete objects in this bucket; no rights on the bucket itself.
resource "google_storage_bucket_iam_member" "app_objects" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectUser"
  member = google_service_account.app.member
}

# Signing a URL without a key file means asking IAM to sign as oneself.
resource "google_service_account_iam_member" "app_signs" {
  service_account_id = google_service_account.app.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.app.member
}

# The Kubernetes service account of k8s/deployment.yaml acts as this one.
resource "google_service_account_iam_member" "workload_identity" {
  service_account_id = google_service_account.app.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project_id}.svc.id.goog[lunchsharing/lunchsharing]"
}
