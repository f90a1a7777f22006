"""A Kubernetes object as one cluster gets it: the document, and what overlays changed in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from validator.read.documents import Document, Ref
from validator.read.exact import Pointer


@dataclass(frozen=True, slots=True)
class Overlay:
    """Part of an object that another document set: everything at and below `pointer` stands there."""

    pointer: Pointer
    document: Document
    origin: Pointer


@dataclass(slots=True, eq=False)
class Manifest:
    """An object with its effective value; `namespace` is the one it lands in, empty for none."""

    document: Document
    value: dict[str, Any]
    namespace: str = ""
    overlays: tuple[Overlay, ...] = ()
    uncertain: str | None = None
    """Why the value cannot be known in full, such as a plugin or a substitution from a Secret."""
    applied_by: str = ""
    """Name of the Flux Kustomization or Argo CD Application that applies it, empty for the sync root."""
    _spec: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def kind(self) -> str:
        return str(self.value.get("kind", ""))

    @property
    def api_version(self) -> str:
        return str(self.value.get("apiVersion", ""))

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]

    @property
    def metadata(self) -> dict[str, Any]:
        found = self.value.get("metadata")
        return found if isinstance(found, dict) else {}

    @property
    def name(self) -> str:
        found = self.metadata.get("name")
        return found if isinstance(found, str) else ""

    @property
    def labels(self) -> dict[str, Any]:
        found = self.metadata.get("labels")
        return found if isinstance(found, dict) else {}

    @property
    def annotations(self) -> dict[str, Any]:
        found = self.metadata.get("annotations")
        return found if isinstance(found, dict) else {}

    @property
    def spec(self) -> dict[str, Any]:
        found = self.value.get("spec")
        return found if isinstance(found, dict) else {}

    def get(self, *pointer: str | int) -> Any:
        """Return the value at `pointer`, None where there is none."""
        return dig(self.value, pointer)

    def at(self, *pointer: str | int, key: bool = False) -> Ref:
        """Return the place of `pointer`: in the overlay that set it, else in the document itself."""
        for overlay in reversed(self.overlays):
            size = len(overlay.pointer)
            if pointer[:size] == overlay.pointer:
                return Ref(overlay.document, (*overlay.origin, *pointer[size:]), key)
        return Ref(self.document, pointer, key)


def dig(value: Any, pointer: Pointer) -> Any:
    """Return what stands at `pointer` below `value`, None where the way ends."""
    for step in pointer:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value
