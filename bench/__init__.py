"""Time `estate validate` beside kubeconform on repositories that the project's own renderer made."""
