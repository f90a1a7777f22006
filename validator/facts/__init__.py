"""Facts about the products an estate is made of, as data with their sources.

Every fact lives in one JSON table beside this module, next to a `source` that says where it was read. Code asks
through the functions here and in the sibling modules; nothing is read from disk before it is asked for.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES = ("ako", "amko", "argocd", "boutique", "change", "flux", "secrets", "tanzu", "tkg")


@cache
def table(name: str) -> Mapping[str, Any]:
    """Return the fact table `name`, reading it on first use."""
    import json

    if name not in TABLES:
        raise KeyError(f"no fact table `{name}`, there are {', '.join(TABLES)}")
    path = Path(__file__).with_name(f"{name}.json")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
