"""What `estate.yaml` says: read and checked (`reading`), with its defaults and all that follows from it (`declared`)."""
