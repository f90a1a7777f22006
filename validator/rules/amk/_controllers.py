"""Avi controllers as values name them."""

from __future__ import annotations


def host_of(text: str | None) -> str:
    """Return a controller's host so that it can be compared; empty for none."""
    return (text or "").strip().lower().removesuffix(":443")
