# Nothing here has a default, and nothing of it belongs into a file of this repository: give it as TF_VAR_<name>.

variable "gslb_password" {
  description = "Password of the account that the controllers log in to each other with."
  type        = string
  sensitive   = true
}

variable "oslo_username" {
  description = "Administrator of the Avi controller of oslo."
  type        = string
  sensitive   = true
}

variable "oslo_password" {
  description = "Password of that administrator."
  type        = string
  sensitive   = true
}

variable "bergen_username" {
  description = "Administrator of the Avi controller of bergen."
  type        = string
  sensitive   = true
}

variable "bergen_password" {
  description = "Password of that administrator."
  type        = string
  sensitive   = true
}
