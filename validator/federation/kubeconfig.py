"""The kubeconfig that AMKO takes its clusters from, where the repository shows it: in plain text, or as a template.

AMKO reads key `gslb-members` of Secret `gslb-config-secret` in its own namespace as an environment variable.
Source: AMKO helm/amko/templates/statefulset.yaml (1.9.1 to 2.1.1); client-go tools/clientcmd/api/v1/types.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from validator.facts import names
from validator.model import Cluster
from validator.read import inside
from validator.read.documents import Ref
from validator.read.effective import Layer
from validator.read.exact import Pointer
from validator.read.flux import text_layer
from validator.read.manifest import Manifest, dig
from validator.secrets.objects import secrets, texts

SECRET, KEY = names.MEMBERS_SECRET, names.MEMBERS_KEY


@dataclass(frozen=True, slots=True)
class Context:
    """One context of a kubeconfig: its name, the server behind it, and their places."""

    name: str
    server: str | None
    cluster: str | None
    """Name of the entry in `clusters`."""
    user: str | None
    """Name of the entry in `users`."""
    _layer: Layer
    _index: int
    _server: int | None
    """Index of the entry in `clusters` that has the server."""

    @property
    def at(self) -> Ref:
        return self._layer.ref(("contexts", self._index, "name"), key=False)

    @property
    def server_at(self) -> Ref:
        if self._server is None:
            return self.at
        return self._layer.ref(("clusters", self._server, "cluster", "server"), key=False)

    @property
    def cluster_at(self) -> Ref:
        return self._layer.ref(("contexts", self._index, "context", "cluster"), key=False)

    @property
    def user_at(self) -> Ref:
        return self._layer.ref(("contexts", self._index, "context", "user"), key=False)


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """The contexts of one kubeconfig by name, and the names of its clusters and users."""

    contexts: dict[str, Context]
    at: Ref
    clusters: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()


def read(cluster: Cluster) -> Kubeconfig | None:
    """Return the kubeconfig of the AMKO in a cluster, None where it is encrypted, elsewhere, or no kubeconfig."""
    for secret in secrets(cluster):
        if secret.name != SECRET:
            continue
        for pointer, text in sorted(texts(secret.manifest), key=lambda item: item[0][-1] != KEY):
            shown = inside.hidden(text)
            if shown is not None and (found := _parse(shown, secret.manifest, pointer)):
                return found
    return None


def _parse(text: str, manifest: Manifest, pointer: Pointer) -> Kubeconfig | None:
    layer = text_layer(text, manifest, pointer)
    if layer is None or not isinstance(layer.value.get("contexts"), list):
        return None
    servers: dict[str, tuple[str | None, int]] = {}
    for index, item in enumerate(_list(layer.value.get("clusters"))):
        name, server = dig(item, ("name",)), dig(item, ("cluster", "server"))
        if isinstance(name, str) and isinstance(server, str):
            servers[name] = (None if inside.HIDDEN in server else server, index)
    contexts: dict[str, Context] = {}
    for index, item in enumerate(layer.value["contexts"]):
        name = dig(item, ("name",))
        if not isinstance(name, str) or inside.HIDDEN in name:
            continue
        cluster, user = (_name(dig(item, ("context", part))) for part in ("cluster", "user"))
        server, place = servers.get(str(cluster), (None, 0))
        contexts[name] = Context(name, server, cluster, user, layer, index, place if server is not None else None)
    return Kubeconfig(
        contexts, layer.ref(("contexts",), key=True), *(_names(layer, part) for part in ("clusters", "users"))
    )


def _names(layer: Layer, part: str) -> frozenset[str]:
    names = (_name(dig(item, ("name",))) for item in _list(layer.value.get(part)))
    return frozenset(name for name in names if name)


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and inside.HIDDEN not in value else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
