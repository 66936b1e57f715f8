# One map for both front doors: the Gateway names it by annotation, the CDN below. With DNS authorization the certificates are
# there before the names move to the new addresses.
locals {
  hosts = {
    api = var.api_host
    img = var.image_host
  }
}

resource "google_certificate_manager_dns_authorization" "lunch" {
  for_each = local.hosts

  name   = "lunch-${each.key}"
  domain = each.value
}

resource "google_certificate_manager_certificate" "lunch" {
  for_each = local.hosts

  name = "lunch-${each.key}"

  managed {
    domains            = [each.value]
    dns_authorizations = [google_certificate_manager_dns_authorization.lunch[each.key].id]
  }
}

resource "google_certificate_manager_certificate_map" "lunch" {
  name = "lunchsharing"
}

resource "google_certificate_manager_certificate_map_entry" "lunch" {
  for_each = local.hosts

  name         = "lunch-${each.key}"
  map          = google_certificate_manager_certificate_map.lunch.name
  certificates = [google_certificate_manager_certificate.lunch[each.key].id]
  hostname     = each.value
}

output "certificate_records" {
  description = "The CNAME records that let Google issue the certificates: set them first."
  value       = [for a in google_certificate_manager_dns_authorization.lunch : a.dns_resource_record]
}
