# What one controller needs before it can be a member: service engines of their own for DNS, a profile that answers for
# the delegated zones, the static address that the delegation names, the virtual service on UDP and TCP 53, the account.

locals {
  engines  = var.controller.serviceenginegroup
  profile  = var.controller.applicationprofile
  vsvip    = var.controller.vsvip
  dns      = var.controller.virtualservice
  networks = toset(flatten([for vip in local.vsvip.vip : try(vip.placement_networks[*].network_ref, [])]))
  profiles = toset(concat([local.dns.network_profile_ref], [
    for service in local.dns.services : service.override_network_profile_ref
    if can(service.override_network_profile_ref)
  ]))
}

data "avi_cluster" "this" {}

data "avi_cloud" "this" {
  name = split("name=", local.dns.cloud_ref)[1]
}

data "avi_network" "placement" {
  for_each  = local.networks
  name      = split("name=", each.value)[1]
  cloud_ref = data.avi_cloud.this.id
}

data "avi_networkprofile" "this" {
  for_each = local.profiles
  name     = split("name=", each.value)[1]
}

data "avi_role" "admin" {
  count = var.username == "admin" ? 0 : 1
  name  = "System-Admin"
}

data "avi_tenant" "admin" {
  count = var.username == "admin" ? 0 : 1
  name  = "admin"
}

data "avi_useraccountprofile" "no_lockout" {
  count = var.username == "admin" ? 0 : 1
  name  = "No-Lockout-User-Account-Profile"
}

# A failed poll of another site must not lock the account, hence its profile.
resource "avi_user" "gslb" {
  count              = var.username == "admin" ? 0 : 1
  name               = var.username
  username           = var.username
  password           = var.password
  user_profile_ref   = data.avi_useraccountprofile.no_lockout[0].id
  default_tenant_ref = data.avi_tenant.admin[0].id

  access {
    role_ref    = data.avi_role.admin[0].id
    all_tenants = true
  }
}

resource "avi_serviceenginegroup" "dns" {
  name                       = local.engines.name
  cloud_ref                  = data.avi_cloud.this.id
  ha_mode                    = local.engines.ha_mode
  algo                       = local.engines.algo
  min_scaleout_per_vs        = local.engines.min_scaleout_per_vs
  max_scaleout_per_vs        = local.engines.max_scaleout_per_vs
  max_se                     = local.engines.max_se
  buffer_se                  = local.engines.buffer_se
  max_vs_per_se              = local.engines.max_vs_per_se
  vcpus_per_se               = local.engines.vcpus_per_se
  memory_per_se              = local.engines.memory_per_se
  disk_per_se                = local.engines.disk_per_se
  extra_shared_config_memory = local.engines.extra_shared_config_memory
  se_name_prefix             = local.engines.se_name_prefix
  cpu_reserve                = local.engines.cpu_reserve
  mem_reserve                = local.engines.mem_reserve
}

resource "avi_applicationprofile" "dns" {
  name = local.profile.name
  type = local.profile.type

  dns_service_profile {
    ttl                  = local.profile.dns_service_profile.ttl
    error_response       = local.profile.dns_service_profile.error_response
    dns_over_tcp_enabled = local.profile.dns_service_profile.dns_over_tcp_enabled

    dynamic "dns_zones" {
      for_each = local.profile.dns_service_profile.dns_zones
      content {
        domain_name = dns_zones.value.domain_name
        admin_email = dns_zones.value.admin_email
        name_server = dns_zones.value.name_server
      }
    }
  }
}

resource "avi_vsvip" "dns" {
  name      = local.vsvip.name
  cloud_ref = data.avi_cloud.this.id
  tier1_lr  = try(local.vsvip.tier1_lr, null)

  dynamic "vip" {
    for_each = local.vsvip.vip
    content {
      vip_id           = vip.value.vip_id
      enabled          = vip.value.enabled
      auto_allocate_ip = vip.value.auto_allocate_ip

      dynamic "ip_address" {
        for_each = try([vip.value.ip_address], [])
        content {
          addr = ip_address.value.addr
          type = ip_address.value.type
        }
      }

      dynamic "ip6_address" {
        for_each = try([vip.value.ip6_address], [])
        content {
          addr = ip6_address.value.addr
          type = ip6_address.value.type
        }
      }

      dynamic "placement_networks" {
        for_each = try(vip.value.placement_networks, [])
        content {
          network_ref = data.avi_network.placement[placement_networks.value.network_ref].id

          dynamic "subnet" {
            for_each = try([placement_networks.value.subnet], [])
            content {
              mask = subnet.value.mask
              ip_addr {
                addr = subnet.value.ip_addr.addr
                type = subnet.value.ip_addr.type
              }
            }
          }

          dynamic "subnet6" {
            for_each = try([placement_networks.value.subnet6], [])
            content {
              mask = subnet6.value.mask
              ip_addr {
                addr = subnet6.value.ip_addr.addr
                type = subnet6.value.ip_addr.type
              }
            }
          }
        }
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "avi_virtualservice" "dns" {
  name                    = local.dns.name
  cloud_ref               = data.avi_cloud.this.id
  application_profile_ref = avi_applicationprofile.dns.id
  network_profile_ref     = data.avi_networkprofile.this[local.dns.network_profile_ref].id
  se_group_ref            = avi_serviceenginegroup.dns.id
  vsvip_ref               = avi_vsvip.dns.id
  enabled                 = local.dns.enabled

  dynamic "services" {
    for_each = local.dns.services
    content {
      port                         = services.value.port
      port_range_end               = services.value.port_range_end
      override_network_profile_ref = try(data.avi_networkprofile.this[services.value.override_network_profile_ref].id, null)
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
