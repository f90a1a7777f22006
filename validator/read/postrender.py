"""Post-renderers of a HelmRelease: what they change in the objects that the AMKO chart makes.

Source: helm.toolkit.fluxcd.io/v2, `spec.postRenderers[].kustomize.patches` (fluxcd.io, HelmRelease).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.errors import InputError
from validator.read import exact
from validator.read.effective import Layer, Values
from validator.read.manifest import Manifest, dig
from validator.read.rendered import values_of

MADE = {"AMKOCluster": "amkocluster-federation", "GSLBConfig": "gc-1", "GlobalDeploymentPolicy": "global-gdp"}


def patched(manifest: Manifest, values: Values) -> Values | None:
    """Return the values with what post-renderers change of them, None where they change nothing that is understood."""
    layers = tuple(_layers(manifest))
    return Values((*values.layers, *layers), values.fallback, values.secrets, values.unknown) if layers else None


def _layers(manifest: Manifest) -> Iterator[Layer]:
    for i, renderer in enumerate(_list(manifest.spec.get("postRenderers"))):
        for j, entry in enumerate(_list(dig(renderer, ("kustomize", "patches")))):
            text = entry.get("patch") if isinstance(entry, dict) else None
            if not isinstance(text, str):
                continue
            for body in _bodies(text, manifest.document.path):
                kind, content = _target(entry.get("target"), body)
                value = values_of(kind, content)
                if value:
                    yield Layer(
                        value, manifest, ("spec", "postRenderers", i, "kustomize", "patches", j, "patch"), text=True
                    )


def _bodies(text: str, path: str) -> list[Any]:
    try:
        return [tree.value for tree in exact.load_all(text.encode(), path)]
    except InputError:
        return []


def _target(target: Any, body: Any) -> tuple[str, Any]:
    """Return the kind that a patch changes and the object that it amounts to; no kind for another object."""
    kind = dig(target, ("kind",)) or dig(body, ("kind",))
    name = dig(target, ("name",)) or (dig(body, ("metadata", "name")) if not target else None)
    if not isinstance(kind, str) or (isinstance(name, str) and name != MADE.get(kind)):
        return "", None
    return kind, _amounts(body) if isinstance(body, list) else body


def _amounts(operations: list[Any]) -> dict[str, Any]:
    """Return the object that JSON patch operations amount to; those on entries of lists are passed over."""
    found: dict[str, Any] = {}
    for step in operations:
        path = dig(step, ("path",))
        if not isinstance(path, str) or dig(step, ("op",)) not in {"add", "replace"}:
            continue
        parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
        if not parts or any(part == "-" or part.isdigit() for part in parts):
            continue
        here = found
        for part in parts[:-1]:
            below = here.setdefault(part, {})
            if not isinstance(below, dict):
                break
            here = below
        else:
            here[parts[-1]] = step.get("value")
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
