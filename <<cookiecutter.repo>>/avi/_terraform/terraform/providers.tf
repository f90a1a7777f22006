# One provider for each controller. It does not check the controllers' certificates: run it from a network that you trust.
<% for site in estate.sites %>

provider "avi" {
  alias          = "<< estate.controllers.identifiers[site.name] >>"
  avi_controller = local.controllers["<< site.name >>"].controller
  avi_version    = local.controllers["<< site.name >>"].api_version
  avi_tenant     = "admin"
  avi_username   = var.<< estate.controllers.identifiers[site.name] >>_username
  avi_password   = var.<< estate.controllers.identifiers[site.name] >>_password
}
<% endfor %>
