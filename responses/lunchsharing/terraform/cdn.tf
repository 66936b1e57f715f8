resource "google_compute_backend_bucket" "images" {
  name        = "lunch-images"
  bucket_name = google_storage_bucket.images.name
  enable_cdn  = true

  cdn_policy {
    # An image never changes under its name. These times are the CDN's; a phone obeys the object's own Cache-Control,
    # which the API sets when it copies to img/.
    cache_mode                   = "CACHE_ALL_STATIC"
    default_ttl                  = 2592000
    max_ttl                      = 31536000
    client_ttl                   = 2592000
    signed_url_cache_max_age_sec = 2592000
    request_coalescing           = true # a thousand first viewers of one lunch are one read of the bucket
  }
}

resource "google_compute_backend_bucket_signed_url_key" "images" {
  name           = "k1" # up to three at a time: add k2, switch the API, remove k1
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

# Only /img/ is served: uploads/ has no way out.
resource "google_compute_url_map" "images" {
  name = "lunch-images"

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

# With DNS authorization the certificate is there before the name points here.
resource "google_certificate_manager_dns_authorization" "images" {
  name   = "lunch-images"
  domain = var.image_host
}

resource "google_certificate_manager_certificate" "images" {
  name = "lunch-images"

  managed {
    domains            = [var.image_host]
    dns_authorizations = [google_certificate_manager_dns_authorization.images.id]
  }
}

resource "google_certificate_manager_certificate_map" "images" {
  name = "lunch-images"
}

resource "google_certificate_manager_certificate_map_entry" "images" {
  name         = "lunch-images"
  map          = google_certificate_manager_certificate_map.images.name
  certificates = [google_certificate_manager_certificate.images.id]
  hostname     = var.image_host
}

resource "google_compute_target_https_proxy" "images" {
  name            = "lunch-images"
  url_map         = google_compute_url_map.images.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.images.id}"
  quic_override   = "ENABLE" # HTTP/3: kinder to phones on bad networks

  depends_on = [google_certificate_manager_certificate_map_entry.images]
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

output "certificate_record" {
  description = "The CNAME record that lets Google issue the certificate."
  value       = google_certificate_manager_dns_authorization.images.dns_resource_record
}

output "address" {
  description = "Where the image host has to point."
  value       = google_compute_global_address.images.address
}
