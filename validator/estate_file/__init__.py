"""What `estate.yaml` says: read and checked (`reading`), with its defaults and all that follows from it (`declared`)."""

ESTATE_FILE = "estate.yaml"
"""Name of the estate file, at the root of its repository."""
