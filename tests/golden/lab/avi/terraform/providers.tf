# One provider for each controller. It does not check the controllers' certificates: run it from a network that you trust.

provider "avi" {
  alias          = "site01"
  avi_controller = local.controllers["site01"].controller
  avi_version    = local.controllers["site01"].api_version
  avi_tenant     = "admin"
  avi_username   = var.site01_username
  avi_password   = var.site01_password
}

provider "avi" {
  alias          = "site02"
  avi_controller = local.controllers["site02"].controller
  avi_version    = local.controllers["site02"].api_version
  avi_tenant     = "admin"
  avi_username   = var.site02_username
  avi_password   = var.site02_password
}
