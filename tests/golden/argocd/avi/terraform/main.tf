# Every name and number is in ../gslb.json; uuids are the controllers' own and are looked up.

locals {
  data        = jsondecode(file("${path.module}/../gslb.json"))
  gslb        = local.data.gslb
  controllers = { for item in local.data.controllers : item.site => item }

  sites = {
    "oslo"   = module.oslo
    "bergen" = module.bergen
  }
}

module "oslo" {
  source     = "./dns-site"
  providers  = { avi = avi.oslo }
  controller = local.controllers["oslo"]
  username   = local.gslb.sites[index(local.gslb.sites[*].name, "oslo")].username
  password   = var.gslb_password
}

module "bergen" {
  source     = "./dns-site"
  providers  = { avi = avi.bergen }
  controller = local.controllers["bergen"]
  username   = local.gslb.sites[index(local.gslb.sites[*].name, "bergen")].username
  password   = var.gslb_password
}

# The one GSLB configuration, on the leader. Followers come with it, once their DNS virtual service and their account are
# there. `sites` is a list: its order, the leader first, stays that of gslb.json.
resource "avi_gslb" "this" {
  provider            = avi.oslo
  name                = local.gslb.name
  leader_cluster_uuid = local.sites[local.gslb.leader].cluster_uuid

  dynamic "dns_configs" {
    for_each = local.gslb.dns_configs
    content {
      domain_name = dns_configs.value.domain_name
    }
  }

  dynamic "sites" {
    for_each = local.gslb.sites
    content {
      name         = sites.value.name
      cluster_uuid = local.sites[sites.value.name].cluster_uuid
      enabled      = sites.value.enabled
      member_type  = sites.value.member_type
      username     = local.sites[sites.value.name].username
      password     = var.gslb_password
      port         = sites.value.port
      ratio        = try(sites.value.ratio, null)

      dynamic "ip_addresses" {
        for_each = sites.value.ip_addresses
        content {
          addr = ip_addresses.value.addr
          type = ip_addresses.value.type
        }
      }

      dynamic "location" {
        for_each = try([sites.value.location], [])
        content {
          source = location.value.source
          location {
            latitude  = location.value.location.latitude
            longitude = location.value.location.longitude
            name      = try(location.value.location.name, null)
          }
        }
      }

      dynamic "dns_vses" {
        for_each = sites.value.dns_vses
        content {
          dns_vs_uuid  = local.sites[sites.value.name].dns_vs_uuids[dns_vses.value.dns_vs]
          domain_names = dns_vses.value.domain_names
        }
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
