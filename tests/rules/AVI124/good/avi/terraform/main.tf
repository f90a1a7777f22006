terraform {
  required_providers {
    avi = {
      source = "vmware/avi"
    }
  }
}

variable "gslb_password" {
  type      = string
  sensitive = true
}

provider "avi" {
  avi_username = var.username
  avi_password = var.password
}

# avi_password = "not-a-S3cret-but-a-comment"
