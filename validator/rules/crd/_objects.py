"""What several rules on AKO's custom resources ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.model import Cluster, Estate
from validator.read.manifest import Manifest, dig

GROUP = "ako.vmware.com"
HOST = ("spec", "virtualhost")


def objects(estate: Estate, *kinds: str) -> Iterator[tuple[Cluster, Manifest]]:
    """Yield AKO's objects of some kinds with their cluster."""
    for cluster in estate.holders(*kinds):
        for kind in kinds:
            for item in cluster.of(kind, GROUP):
                yield cluster, item


def title(item: Manifest) -> str:
    """Return kind and name of an object for a message."""
    return f"{item.kind} `{f'{item.namespace}/' if item.namespace else ''}{item.name}`"


def items(value: Any, *pointer: str | int) -> list[tuple[int, Any]]:
    """Return the entries of a list below `value` with their index, an empty list for anything else."""
    found = dig(value, pointer)
    return list(enumerate(found)) if isinstance(found, list) else []


def aliases(item: Manifest) -> list[tuple[int, str]]:
    """Return the aliases of a HostRule with their index."""
    return [(index, text) for index, text in items(item.value, *HOST, "aliases") if isinstance(text, str)]
