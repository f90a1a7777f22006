"""The sound part of an estate file: values that the schema refused are gone, its defaults are filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from validator.estate_file.flaw import Flaw, Pointer, label, nearest, shown
from validator.estate_file.json_schema import Schema

Data = dict[str, Any]


@dataclass(slots=True, unsafe_hash=True)  # not frozen: so many are made that it would tell
class Item:
    """A mapping of the file and where it stands; `owner` is the site of a cluster."""

    data: Data
    at: Pointer
    owner: Item | None = None

    @property
    def name(self) -> str:
        return str(self.data.get("name", ""))

    @property
    def by_tkg(self) -> bool:
        """Say whether TKG installs AKO in this cluster."""
        return self.owner is not None and self.owner.data.get("akoManagedBy") == "tkg"

    def block(self, *keys: str) -> Item:
        """Return the mapping below `keys`, an empty one when it is not there."""
        data = self.data
        for key in keys:
            found = data.get(key)
            data = found if isinstance(found, dict) else {}
        return Item(data, (*self.at, *keys), self.owner)

    def listed(self, key: str) -> Iterator[tuple[Any, Pointer]]:
        """Yield the items of the list `key` that the schema accepted, with their places."""
        for index, item in enumerate(self.data.get(key) or ()):
            if item is not None:
                yield item, (*self.at, key, index)

    def place(self, key: str) -> Pointer:
        return (*self.at, key)


@dataclass(frozen=True, slots=True)
class View:
    """The estate with its sites, workload clusters and apps at hand."""

    root: Item
    sites: tuple[Item, ...]
    clusters: tuple[Item, ...]
    apps: tuple[Item, ...]
    raw: Data

    def given(self, block: Item, key: str) -> bool:
        """Say whether the file has `key` in a block, sound or not."""
        found: Any = self.raw
        for step in block.at:
            found = found[step]
        return key in found

    def version(self, product: str) -> str | None:
        """Return the declared version of a product, None when it is not there or not sound."""
        version: str | None = self.root.block("versions").data.get(product)
        return version

    def neighbours(self) -> Iterator[tuple[Item, list[Item]]]:
        """Yield each site with its clusters."""
        for _, group in groupby(self.clusters, key=lambda cluster: cluster.owner and cluster.owner.at):
            clusters = list(group)
            if clusters[0].owner is not None:
                yield clusters[0].owner, clusters

    def members(self) -> Iterator[Item]:
        """Yield the clusters that GSLB takes members from."""
        for cluster in self.clusters:
            if cluster.data.get("member") and cluster.block("ako").data.get("enabled"):
                yield cluster


def make_view(data: Data, schema: Schema, refused: Iterable[Flaw]) -> View:
    """Return the view of a file's content, given what the schema said about it."""
    useless = {flaw.pointer for flaw in refused if flaw.useless}
    root = Item(_sound(data, schema, schema, (), useless) if useless else _filled(data, schema, schema), ())
    sites = tuple(Item(item, at) for item, at in root.listed("sites"))
    clusters = tuple(Item(item, at, site) for site in sites for item, at in site.listed("clusters"))
    return View(root, sites, clusters, tuple(Item(item, at) for item, at in root.listed("apps")), data)


def unknown(given: str, at: Pointer, known: Iterable[str], what: str) -> Flaw:
    """Return the flaw of a name that is not one of the `known` ones."""
    names = [name for name in dict.fromkeys(known) if name]
    near = nearest(given, names)
    listed = ", ".join(f"`{name}`" for name in names[:20]) + (" and others" if len(names) > 20 else "")
    hint = f"did you mean `{near}`?" if near else f"there are {listed}" if names else None
    return Flaw(at, f"{shown(given)} is not {what}", hint)


def repeated(values: Iterable[tuple[str | None, Pointer]], what: str, hint: str | None = None) -> Iterator[Flaw]:
    """Yield a flaw for every value that was there before; values that are not there do not count."""
    first: dict[str, Pointer] = {}
    for value, at in values:
        if value and first.setdefault(value, at) != at:
            message = f"{what} {shown(value)} is used twice, first by `{label(first[value])}`"
            yield Flaw(at, message, hint, related=first[value])


def _filled(value: Any, schema: Schema, root: Schema) -> Any:
    """Return a value of which all is sound, with the defaults: what `_sound` does, without a place for each value."""
    schema = _resolved(schema, root)
    if isinstance(value, dict) and "properties" in schema:
        filled: Data = {}
        missing: Data = {}
        for name, given in schema["properties"].items():
            inner = _resolved(given, root)
            whole = "properties" not in inner and "items" not in inner
            if name in value:
                filled[name] = value[name] if whole else _filled(value[name], inner, root)
            elif "default" in given:
                missing[name] = given["default"] if whole else _filled(given["default"], inner, root)
        filled.update(missing)
        return filled
    if isinstance(value, list) and "items" in schema:
        return [_filled(item, schema["items"], root) for item in value]
    return value


def _resolved(schema: Schema, root: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return found


def _sound(value: Any, schema: Schema, root: Schema, at: Pointer, useless: set[Pointer]) -> Any:
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if isinstance(value, dict) and "properties" in schema:
        properties: dict[str, Schema] = schema["properties"]
        sound = {
            name: _sound(value[name], inner, root, (*at, name), useless)
            for name, inner in properties.items()
            if name in value and (*at, name) not in useless
        }
        for name, inner in properties.items():
            if name not in value and "default" in inner:
                sound[name] = _sound(inner["default"], inner, root, (*at, name), useless)
        return sound
    if isinstance(value, list) and "items" in schema:
        return [
            None if (*at, index) in useless else _sound(item, schema["items"], root, (*at, index), useless)
            for index, item in enumerate(value)
        ]
    return value
