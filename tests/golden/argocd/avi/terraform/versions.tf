terraform {
  required_version = ">= 1.3"

  # The provider's releases follow those of the controller: a newer one sends fields that an older controller refuses.
  required_providers {
    avi = {
      source  = "vmware/avi"
      version = "30.2.1"
    }
  }
}
