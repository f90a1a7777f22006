terraform {
  required_providers {
    avi = {
      source = "vmware/avi"
    }
  }
}
