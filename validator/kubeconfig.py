"""The kubeconfig that AMKO takes its clusters from, where the repository holds it in plain text.

AMKO reads key `gslb-members` of Secret `gslb-config-secret` in its own namespace as an environment variable.
Source: AMKO helm/amko/templates/statefulset.yaml (1.9.1 to 2.1.1); client-go tools/clientcmd/api/v1/types.go.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.model import Cluster
from validator.read.documents import Ref
from validator.read.flux import text_layer
from validator.read.manifest import Manifest, dig

SECRET, KEY = "gslb-config-secret", "gslb-members"


@dataclass(frozen=True, slots=True)
class Context:
    """One context of a kubeconfig: its name, the server behind it, and their places."""

    name: str
    at: Ref
    server: str | None
    server_at: Ref


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """The contexts of one kubeconfig by name."""

    contexts: dict[str, Context]
    at: Ref


def read(cluster: Cluster) -> Kubeconfig | None:
    """Return the kubeconfig of the AMKO in a cluster, None where it is encrypted, elsewhere, or no kubeconfig."""
    for manifest in cluster.of("Secret", ""):
        if manifest.name != SECRET:
            continue
        for pointer, text in _texts(manifest):
            if found := _parse(text, manifest, pointer):
                return found
    return None


def _texts(manifest: Manifest) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the text under the key, under any other key where that is missing."""
    generated = "generator" in manifest.value
    found: list[tuple[tuple[str, ...], str]] = []
    for block in ("stringData", "data"):
        data = manifest.value.get(block)
        for key, value in data.items() if isinstance(data, dict) else ():
            text = value if not isinstance(value, str) or block == "stringData" or generated else _decoded(value)
            if isinstance(text, str) and isinstance(key, str):
                found.append(((block, key), text))
    yield from sorted(found, key=lambda item: item[0][1] != KEY)


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _parse(text: str, manifest: Manifest, pointer: tuple[str, ...]) -> Kubeconfig | None:
    layer = text_layer(text, manifest, pointer)
    if layer is None or not isinstance(layer.value.get("contexts"), list):
        return None
    servers: dict[str, tuple[str, int]] = {}
    for index, item in enumerate(_list(layer.value.get("clusters"))):
        name, server = dig(item, ("name",)), dig(item, ("cluster", "server"))
        if isinstance(name, str) and isinstance(server, str):
            servers[name] = (server, index)
    contexts: dict[str, Context] = {}
    for index, item in enumerate(layer.value["contexts"]):
        name = dig(item, ("name",))
        if not isinstance(name, str):
            continue
        at = layer.ref(("contexts", index, "name"), key=False)
        server, place = servers.get(str(dig(item, ("context", "cluster"))), (None, 0))
        server_at = layer.ref(("clusters", place, "cluster", "server"), key=False) if server is not None else at
        contexts[name] = Context(name, at, server, server_at)
    return Kubeconfig(contexts, layer.ref(("contexts",), key=True))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
