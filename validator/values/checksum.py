"""Let pods roll when chart values change: a toleration that carries a checksum of the values.

AKO and AMKO read most of their settings once, at start, and neither chart has a checksum annotation or a value for
pod annotations (helm/ako, helm/amko templates/statefulset.yaml, every release); both put `tolerations` into the pod
template. No node has the taint, so the toleration changes nothing but the pod template.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

KEY = "gslb-estate/values-checksum"
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str).encode


def checksum(values: dict[str, Any]) -> str:
    """Return the checksum of chart values: 16 hex digits of SHA-256 of canonical JSON, our toleration left out.

    That of values which hold unknown ones means nothing.
    """
    return hashlib.sha256(_canonical(_without(values)).encode()).hexdigest()[:16]


def stamped(values: dict[str, Any]) -> dict[str, Any]:
    """Return chart values with the toleration that carries their checksum, after any other."""
    plain = {key: value for key, value in _without(values).items() if key != "tolerations" or value is not None}
    toleration = {"key": KEY, "operator": "Equal", "value": checksum(plain), "effect": "NoSchedule"}
    return {**plain, "tolerations": [*_tolerations(plain), toleration]}


def stamp(values: dict[str, Any]) -> str | None:
    """Return the checksum that chart values carry, None where they carry none."""
    return next((item.get("value") for item in _tolerations(values) if _is_ours(item)), None)


def _without(values: dict[str, Any]) -> dict[str, Any]:
    """Return values without our toleration; an empty list of tolerations counts as none."""
    if not isinstance(values.get("tolerations"), list):
        return values
    others = [item for item in _tolerations(values) if not _is_ours(item)]
    plain = {key: value for key, value in values.items() if key != "tolerations"}
    return {**plain, "tolerations": others} if others else plain


def _tolerations(values: dict[str, Any]) -> list[Any]:
    found = values.get("tolerations")
    return found if isinstance(found, list) else []


def _is_ours(item: Any) -> bool:
    return isinstance(item, dict) and item.get("key") == KEY
