# One provider for each controller. It does not check the controllers' certificates: run it from a network that you trust.

provider "avi" {
  alias          = "oslo"
  avi_controller = local.controllers["oslo"].controller
  avi_version    = local.controllers["oslo"].api_version
  avi_tenant     = "admin"
  avi_username   = var.oslo_username
  avi_password   = var.oslo_password
}

provider "avi" {
  alias          = "bergen"
  avi_controller = local.controllers["bergen"].controller
  avi_version    = local.controllers["bergen"].api_version
  avi_tenant     = "admin"
  avi_username   = var.bergen_username
  avi_password   = var.bergen_password
}
