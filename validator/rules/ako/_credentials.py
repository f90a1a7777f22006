"""Credentials that a chart takes from Secrets by `valuesFrom`: taken off again, or not where the chart reads them."""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem
from validator.model import Release
from validator.nearness import nearest
from validator.read.effective import MISSING, Layer
from validator.read.manifest import dig
from validator.secrets import values

OTHERS = {"password": "authtoken"}
"""What a chart takes instead of a key."""


def unusable(release: Release, block: str, keys: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what keeps the credentials of Secrets from the chart."""
    title = release.chart.upper()
    own = dig(release.manifest.value, ("spec", "values", block))
    empty = [key for key in keys if key in own and own[key] in (None, "")] if isinstance(own, dict) else []
    empty = [key for key in empty if not _targeted(release, block, key)]
    for key in empty[:1]:
        yield Problem(
            release.at(block, key),
            f"`{block}.{key}` is empty in the values, which are merged over those of the Secret: {title} gets none; "
            "take it out",
        )
    found = values.layers(release)
    if found is None or empty:
        return
    missing = [key for key in keys if not _given(release, found, block, key)]
    if missing:
        yield _missing(release, found, block, missing)


def _targeted(release: Release, block: str, key: str) -> bool:
    """Return whether a Secret sets the key over the values."""
    entries = release.manifest.spec.get("valuesFrom")
    paths = [dig(entry, ("targetPath",)) for entry in (entries if isinstance(entries, list) else [])]
    return f"{block}.{key}" in paths


def _given(release: Release, found: list[Layer], block: str, key: str) -> bool:
    for name in (key, OTHERS[key]) if key in OTHERS else (key,):
        for layer in found:
            if dig(layer.value, (block, name)) is not None:
                return True
        if release.get(block, name) is not MISSING:
            return True
    return False


def _missing(release: Release, found: list[Layer], block: str, missing: list[str]) -> Problem:
    layer = next((one for one in found if block in one.value), found[-1])
    meant = nearest(block, [str(key) for key in layer.value]) if block not in layer.value else None
    at = layer.ref((meant,) if meant else (block,) if block in layer.value else (), key=True)
    names = " and ".join(f"`{block}.{key}`" for key in missing)
    hint = f"; `{meant}` is there, did you mean `{block}`?" if meant else ""
    text = f"the Secret's values do not set {names}, which {release.chart.upper()} logs in with{hint}"
    return Problem(at, text, related=((release.manifest.at("spec", "valuesFrom"), "taken from there by this release"),))
