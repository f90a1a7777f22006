"""The rules of `.sops.yaml`. Source: getsops/sops README, creation rules."""

from __future__ import annotations

import re
from typing import Any

from validator.model import Estate
from validator.once import once
from validator.read.documents import Document

NAME = ".sops.yaml"


@once
def configs(estate: Estate) -> dict[str, Document]:
    """Return the files with the rules by the folders that they stand in, which end in `/` or are empty."""
    there = (one for one in estate.documents if one.path.endswith(NAME))
    return {one.path.removesuffix(NAME): one for one in there if one.path.rpartition("/")[2] == NAME}


def creation_rules(config: Document) -> list[dict[str, Any]]:
    """Return the rules of a file, in their order; an empty one for each that is no mapping."""
    found = config.value.get("creation_rules") if isinstance(config.value, dict) else None
    return [item if isinstance(item, dict) else {} for item in found] if isinstance(found, list) else []


def matches(pattern: Any, path: str) -> bool | None:
    """Return whether a rule is for a path; None where its expression is not one that Python reads as Go does."""
    if pattern is None:
        return True
    try:
        return re.search(str(pattern), path) is not None if len(str(pattern)) < 500 else None
    except re.error:
        return None
