# The API's nodes. Small ones, so that the floor's pods need more of them: at 10:30 in Helsinki pods wait, and the pool has grown before
# lunch. Off-peak one node in each of two zones is left.
resource "google_container_node_pool" "api" {
  name           = "lunch-api"
  cluster        = var.cluster
  location       = "europe-west1"
  node_locations = ["europe-west1-b", "europe-west1-c"]

  autoscaling {
    total_min_node_count = 2
    total_max_node_count = 10
    location_policy      = "BALANCED"
  }

  node_config {
    machine_type = "e2-standard-2"

    workload_metadata_config {
      mode = "GKE_METADATA" # Workload Identity
    }
  }

  # Without it the provider wants to replace the pool whenever GKE has scaled it.
  lifecycle {
    ignore_changes = [initial_node_count]
  }
}
