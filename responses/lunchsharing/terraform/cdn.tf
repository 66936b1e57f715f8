resource "google_compute_backend_bucket" "images" {
  name        = "lunch-images"
  bucket_name = google_storage_bucket.images.name
  enable_cdn  = true

  cdn_policy {
    # An image never changes under its name, so it may stay cached for long. These times are the CDN's: what the phone keeps is
    # told by the object's own Cache-Control, which the worker sets, as the headers of signed URLs are passed on unchanged.
    cache_mode                   = "CACHE_ALL_STATIC"
    default_ttl                  = 2592000
    max_ttl                      = 31536000
    client_ttl                   = 2592000
    signed_url_cache_max_age_sec = 2592000
    request_coalescing           = true # a thousand first viewers of one lunch are one read of the bucket
    serve_while_stale            = 86400
  }
}

resource "google_compute_backend_bucket_signed_url_key" "images" {
  name           = "k1" # up to three at a time: add k2, switch the app, remove k1
  key_value      = var.cdn_signing_key
  backend_bucket = google_compute_backend_bucket.images.name
}

# The bucket is private: only the CDN reads it. Google makes this account when the first key is added.
resource "google_storage_bucket_iam_member" "cdn_reads" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:service-${var.project_number}@cloud-cdn-fill.iam.gserviceaccount.com"

  depends_on = [google_compute_backend_bucket_signed_url_key.images]
}

resource "google_compute_url_map" "images" {
  name = "lunch-images"

  # Only /img/ is served: uploads/ and originals/ have no way out.
  default_url_redirect {
    host_redirect  = "lunch.example"
    path_redirect  = "/"
    https_redirect = true
    strip_query    = true
  }

  host_rule {
    hosts        = [var.image_host]
    path_matcher = "images"
  }

  path_matcher {
    name = "images"

    default_url_redirect {
      host_redirect  = "lunch.example"
      path_redirect  = "/"
      https_redirect = true
      strip_query    = true
    }

    path_rule {
      paths   = ["/img/*"]
      service = google_compute_backend_bucket.images.id
    }
  }
}

resource "google_compute_ssl_policy" "modern" {
  name            = "lunch-images"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_target_https_proxy" "images" {
  name            = "lunch-images"
  url_map         = google_compute_url_map.images.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.lunch.id}"
  ssl_policy      = google_compute_ssl_policy.modern.id
  quic_override   = "ENABLE" # HTTP/3: kinder to phones on bad networks

  depends_on = [google_certificate_manager_certificate_map_entry.lunch]
}

resource "google_compute_global_address" "images" {
  name = "lunch-images"
}

resource "google_compute_global_forwarding_rule" "images" {
  name                  = "lunch-images"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.images.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.images.id
}
