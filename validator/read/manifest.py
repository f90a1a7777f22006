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
    kind: str = field(init=False)
    api_version: str = field(init=False)
    group: str = field(init=False)
    """API group, empty for the core group."""
    metadata: dict[str, Any] = field(init=False, repr=False)
    name: str = field(init=False)
    labels: dict[str, Any] = field(init=False, repr=False)
    annotations: dict[str, Any] = field(init=False, repr=False)
    spec: dict[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Take out what rules ask for all the time; anything of a wrong type counts as absent."""
        value, document = self.value, self.document
        if value is document.value:
            self.kind, self.api_version, self.group = document.kind, document.api_version, document.group
        else:
            self.kind = str(value.get("kind", ""))
            self.api_version = version = str(value.get("apiVersion", ""))
            self.group = version.rpartition("/")[0]
        metadata, spec = value.get("metadata"), value.get("spec")
        self.metadata = metadata = metadata if isinstance(metadata, dict) else {}
        self.spec = spec if isinstance(spec, dict) else {}
        name, labels, annotations = metadata.get("name"), metadata.get("labels"), metadata.get("annotations")
        self.name = name if isinstance(name, str) else ""
        self.labels = labels if isinstance(labels, dict) else {}
        self.annotations = annotations if isinstance(annotations, dict) else {}

    def copy(self) -> Manifest:
        """Return the same object as another one: no two clusters share a manifest, and each says for itself who applies it.

        By hand, as this is done for every object of every cluster, and nothing is to be taken out of the value again.
        """
        made = Manifest.__new__(Manifest)
        made.document, made.value, made.namespace = self.document, self.value, self.namespace
        made.overlays, made.uncertain, made.applied_by = self.overlays, self.uncertain, self.applied_by
        made.kind, made.api_version, made.group, made.name = self.kind, self.api_version, self.group, self.name
        made.metadata, made.labels, made.annotations, made.spec = (
            self.metadata,
            self.labels,
            self.annotations,
            self.spec,
        )
        return made

    def applied(self, by: str, uncertain: str | None) -> Manifest:
        """Return the object as a sync applies it."""
        made = self.copy()
        made.applied_by, made.uncertain = by, uncertain
        return made

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
