variable "controller" {
  description = "The site's item of `controllers` in gslb.json."
  type        = any
}

variable "username" {
  description = "Account that the other controllers log in with; made here unless it is admin."
  type        = string
}

variable "password" {
  description = "Its password."
  type        = string
  sensitive   = true
}
