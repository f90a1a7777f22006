# Nothing here has a default, and nothing of it belongs into a file of this repository: give it as TF_VAR_<name>.

variable "gslb_password" {
  description = "Password of the account that the controllers log in to each other with."
  type        = string
  sensitive   = true
}

variable "site01_username" {
  description = "Administrator of the Avi controller of site01."
  type        = string
  sensitive   = true
}

variable "site01_password" {
  description = "Password of that administrator."
  type        = string
  sensitive   = true
}

variable "site02_username" {
  description = "Administrator of the Avi controller of site02."
  type        = string
  sensitive   = true
}

variable "site02_password" {
  description = "Password of that administrator."
  type        = string
  sensitive   = true
}
