variable "gslb_password" { default = "S3cret-one" }

variable "avi_password" {
  type    = string
  default = "S3cret-two"
}

variable "region" {
  default = "north"
}

provider "avi" {
  avi_username = "admin"
  avi_password = "S3cret-three"
}

resource "avi_user" "this" {
  password = "${var.avi_password}"
}
