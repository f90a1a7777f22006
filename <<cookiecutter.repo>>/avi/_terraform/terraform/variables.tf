# Nothing here has a default, and nothing of it belongs into a file of this repository: give it as TF_VAR_<name>.

variable "gslb_password" {
  description = "Password of the account that the controllers log in to each other with."
  type        = string
  sensitive   = true
}
<% for site in estate.sites %>

variable "<< estate.controllers.identifiers[site.name] >>_username" {
  description = "Administrator of the Avi controller of << site.name >>."
  type        = string
  sensitive   = true
}

variable "<< estate.controllers.identifiers[site.name] >>_password" {
  description = "Password of that administrator."
  type        = string
  sensitive   = true
}
<% endfor %>
