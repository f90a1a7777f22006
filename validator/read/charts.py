"""Charts that stand in the repository: AKO and AMKO themselves, or a chart of one's own that depends on them.

Source: helm.sh/docs/topics/charts (Chart.yaml, dependencies, alias, condition; values of a dependency stand below its
name or its alias).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from validator.read.documents import Document, Ref
from validator.read.effective import Layer, Values
from validator.read.exact import Pointer
from validator.read.kustomize import Tree
from validator.read.manifest import dig
from validator.read.unknown import Unknown

CHARTS = ("ako", "amko")
UNVERSIONED = "0.1.0"
"""Version of the charts in AKO's and AMKO's own repositories, whatever the release."""
_EXACT_VERSION = re.compile(r"v?\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True)
class Part:
    """AKO or AMKO within a chart: the chart itself, or one of its dependencies."""

    chart: str
    version: str | None
    version_at: Ref
    key: str | None = None
    """Where its values stand within those of the chart; None for the chart itself."""
    condition: tuple[Pointer, ...] = ()
    """Values that switch it off when false; the first that is set decides."""


@dataclass(frozen=True, slots=True)
class LocalChart:
    """A chart of this repository and what it installs; most install neither AKO nor AMKO."""

    folder: str
    defaults: tuple[Layer, ...]
    parts: tuple[Part, ...]


def exact_version(text: Any) -> str | None:
    """Return a chart version that names one release, None for a range or anything else."""
    return text.removeprefix("v") if isinstance(text, str) and _EXACT_VERSION.fullmatch(text) else None


def local_chart(folders: Tree, path: str) -> LocalChart | None:
    """Return the chart in a folder, None where there is none."""
    documents = folders.documents(f"{path}/Chart.yaml" if path else "Chart.yaml")
    if not documents or not isinstance(documents[0].value, dict):
        return None
    file = documents[0]
    defaults = folders.documents(f"{path}/values.yaml" if path else "values.yaml")
    layers = tuple(Layer(found.value, found, ()) for found in defaults[:1] if isinstance(found.value, dict))
    return LocalChart(path, layers, tuple(_parts(file)))


def _parts(file: Document) -> Iterable[Part]:
    name, version = file.value.get("name"), exact_version(file.value.get("version"))
    if name in CHARTS:
        yield Part(name, None if version == UNVERSIONED else version, file.ref("version"))
    dependencies = file.value.get("dependencies")
    for index, entry in enumerate(dependencies if isinstance(dependencies, list) else []):
        if not isinstance(entry, dict) or entry.get("name") not in CHARTS:
            continue
        alias, condition = entry.get("alias"), entry.get("condition")
        paths = condition.split(",") if isinstance(condition, str) else []
        yield Part(
            entry["name"],
            exact_version(entry.get("version")),
            file.ref("dependencies", index, "version"),
            alias if isinstance(alias, str) else entry["name"],
            tuple(tuple(path.strip().split(".")) for path in paths if path.strip()),
        )


def part_values(part: Part, values: Values) -> Values | None:
    """Return the values that a part gets of those of its chart, None where they switch it off."""
    for pointer in part.condition:
        switch = values.get(*pointer)
        if isinstance(switch, bool | Unknown):
            if switch is False:
                return None
            break
    if part.key is None:
        return values
    return Values(tuple(_below(part, values.layers)), values.fallback, values.secrets, values.unknown)


def _below(part: Part, layers: Iterable[Layer]) -> Iterable[Layer]:
    for layer in layers:
        value = dig(layer.value, (part.key or "",))
        if isinstance(value, dict):
            switches = {pointer[1] for pointer in part.condition if pointer[:1] == (part.key,) and len(pointer) == 2}
            value = {name: item for name, item in value.items() if name not in switches}
            origin = layer.origin if layer.text else (*layer.origin, part.key or "")
            yield Layer(value, layer.source, origin, layer.text)
