"""What AKO was told before a change."""

from __future__ import annotations

from validator.model import Release


def cleared(release: Release) -> bool:
    """Return whether AKO was told to delete its Avi objects, so that nothing is left to lose."""
    return release.get("AKOSettings", "deleteConfig") in ("true", True)
