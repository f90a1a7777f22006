"""Which files of a repository are read: YAML into documents, and texts of other forms that rules look into."""

from __future__ import annotations

from validator.read import delegation
from validator.read.files import is_yaml

TERRAFORM = (".tf", ".tfvars", ".tfvars.json", ".tfstate", ".tfstate.backup")
"""What Terraform reads and writes; it is looked through for secrets, and never taken for YAML."""


def is_text(path: str) -> bool:
    """Return whether a file is one that rules look into as it is, by its path."""
    return path.endswith(TERRAFORM) or delegation.is_form(path)


def is_read(path: str) -> bool:
    """Return whether a file is read at all, by its path."""
    return is_yaml(path) or is_text(path)
