output "gslb_uuid" {
  description = "The GSLB configuration on the leader; its state is at /api/gslb/<uuid>/runtime/detail."
  value       = avi_gslb.this.uuid
}

output "clusters" {
  description = "The controllers' cluster uuid by site."
  value       = { for name, site in local.sites : name => site.cluster_uuid }
}
