resource "google_storage_bucket" "images" {
  name                        = "${var.project_id}-lunch-images"
  location                    = "europe-west1" # beside the cluster; the CDN is what is near the users
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # A wrong delete (ours or a user's) can be undone for a week.
  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  # Uploads arrive under uploads/. The app moves a checked one to originals/; what is left was never confirmed.
  lifecycle_rule {
    condition {
      matches_prefix = ["uploads/"]
      age            = 1
    }
    action {
      type = "Delete"
    }
  }

  # Originals are read when the sizes are made, hardly ever after. Served sizes stay in STANDARD: Nearline charges for reads.
  lifecycle_rule {
    condition {
      matches_prefix        = ["originals/"]
      matches_storage_class = ["STANDARD"]
      age                   = 30
    }
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
  }

  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }
}
