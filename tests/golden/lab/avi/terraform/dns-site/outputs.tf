output "cluster_uuid" {
  value = data.avi_cluster.this.uuid
}

output "dns_vs_uuids" {
  value = { (avi_virtualservice.dns.name) = avi_virtualservice.dns.uuid }
}

output "username" {
  value = one(avi_user.gslb[*].username) == null ? var.username : one(avi_user.gslb[*].username)
}
