"""GSLB on the Avi controllers, as a repository holds it: the data file, or a task of Avi's Ansible collection.

Both are in the words of Avi's API. A data file names clusters and virtual services; a task has their uuids, most of them
as an expression that Ansible fills in, which says nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from validator.read.documents import Document, Ref
from validator.read.exact import Pointer
from validator.read.files import GSLB_DATA
from validator.read.manifest import dig

MODULES = frozenset(
    f"{collection}avi_gslb"
    for collection in ("vmware.alb.", "vmware.nsx_alb.", "community.network.", "avinetworks.avisdk.", "")
)
"""Names of Ansible's module for the GSLB configuration, now and before."""
_NESTED = ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always")
MAX_DEPTH = 12
_PARTS = frozenset({"gslb", "controllers"})
"""Of which a data file has both; with neither it is somebody else's."""


@dataclass(slots=True, eq=False)  # not frozen: so many are made that it would tell
class Part:
    """A mapping of a GSLB configuration and where it stands."""

    document: Document
    pointer: Pointer
    data: dict[str, Any]

    def at(self, *pointer: str | int, key: bool = False) -> Ref:
        """Return a place below this mapping."""
        return Ref(self.document, (*self.pointer, *pointer), key)

    def get(self, *pointer: str | int) -> Any:
        """Return the value at `pointer`, None where there is none."""
        return dig(self.data, pointer)

    def text(self, *pointer: str | int) -> str | None:
        """Return a string that is no expression, None for anything else."""
        found = self.get(*pointer)
        return found if isinstance(found, str) and not is_expression(found) else None

    def items(self, *pointer: str | int) -> list[tuple[Any, Ref]]:
        """Return the items of a list with their places."""
        found = self.get(*pointer)
        return [(item, self.at(*pointer, index)) for index, item in enumerate(found if isinstance(found, list) else [])]

    def parts(self, *pointer: str | int) -> list[Part]:
        """Return the mappings of a list, or the one mapping that stands there."""
        found = self.get(*pointer)
        if isinstance(found, dict):
            return [Part(self.document, (*self.pointer, *pointer), found)]
        return [
            Part(self.document, (*self.pointer, *pointer, index), item)
            for index, item in enumerate(found if isinstance(found, list) else [])
            if isinstance(item, dict)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class GslbConfiguration:
    """One GSLB configuration: its object, its sites, and the controllers where the file describes them."""

    gslb: Part
    sites: tuple[Part, ...]
    controllers: tuple[Part, ...]
    is_data: bool
    """Whether this is a data file, which names what a task has uuids for."""
    _controller_of: dict[str, Part] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the controllers by the name of their site; of two with the same name the first counts."""
        for part in self.controllers:
            if (name := part.text("site")) is not None:
                self._controller_of.setdefault(name, part)

    @property
    def leader(self) -> Part | None:
        """Return the site that leads, None where it is not known."""
        key, name = ("name", self.gslb.text("leader")) if self.is_data else ("cluster_uuid", self.leader_uuid)
        return next((site for site in self.sites if name is not None and site.text(key) == name), None)

    @property
    def leader_uuid(self) -> str | None:
        return self.gslb.text("leader_cluster_uuid")

    @property
    def leader_key(self) -> str:
        return "leader" if self.is_data else "leader_cluster_uuid"

    @property
    def domains(self) -> list[tuple[str, Ref]]:
        """Return the sub-domains that GSLB answers for, with their places."""
        return [
            (text, part.at("domain_name"))
            for part in self.gslb.parts("dns_configs")
            if (text := part.text("domain_name")) is not None
        ]

    def controller(self, site: str) -> Part | None:
        """Return what a site's controller must hold, None where the file does not say it."""
        return self._controller_of.get(site)


def is_expression(text: str) -> bool:
    """Return whether a text is filled in by Ansible, Terraform or a shell."""
    return "{{" in text or "${" in text


def is_active(site: Part) -> bool:
    """Return whether a site is an active member; what is not given is passive (GslbSite.member_type)."""
    return bool(site.get("member_type") == "GSLB_ACTIVE_MEMBER")


def configurations(documents: list[Document]) -> list[GslbConfiguration]:
    """Return the GSLB configurations of a repository, in the order of their files."""
    there = (document for document in documents if not document.kind or document.path.endswith(GSLB_DATA))
    return [found for document in there for found in _of(document)]


def _of(document: Document) -> Iterator[GslbConfiguration]:
    value = document.value
    if isinstance(value, dict) and f"/{document.path}".endswith(f"/{GSLB_DATA}") and _PARTS & value.keys():
        whole = Part(document, (), value)
        own = value.get("gslb")
        here: Pointer = ("gslb",) if "gslb" in value else ()
        gslb = Part(document, here, own if isinstance(own, dict) else {})
        yield GslbConfiguration(gslb, tuple(gslb.parts("sites")), tuple(whole.parts("controllers")), is_data=True)
    elif isinstance(value, list) and b"avi_gslb" in document.data:
        for pointer, task in _tasks(value, (), 0):
            for name in MODULES.intersection(task):
                if isinstance(task[name], dict) and isinstance(task[name].get("sites"), list):
                    gslb = Part(document, (*pointer, name), task[name])
                    yield GslbConfiguration(gslb, tuple(gslb.parts("sites")), (), is_data=False)


def _tasks(items: list[Any], base: Pointer, depth: int) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    if depth > MAX_DEPTH:
        return
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        yield (*base, index), item
        for key in _NESTED:
            if isinstance(item.get(key), list):
                yield from _tasks(item[key], (*base, index, key), depth + 1)
