"""The Secrets that a cluster gets, whatever makes them: Secret, SealedSecret, ExternalSecret, secretGenerator.

Source: Kubernetes core/v1 Secret; bitnami.com/v1alpha1 SealedSecret; external-secrets.io ExternalSecret
(target.template, mergePolicy); kubernetes-sigs/kustomize api/types/generatorargs.go.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.facts import names
from validator.model import Cluster
from validator.once import once
from validator.read.documents import Ref
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig

GSLB_CONFIG, GSLB_MEMBERS, AVI_SYSTEM = names.MEMBERS_SECRET, names.MEMBERS_KEY, names.NAMESPACE
KINDS = ("Secret", "SealedSecret", "ExternalSecret")
_BLOCKS: dict[str, tuple[Pointer, ...]] = {
    "Secret": (("stringData",), ("data",)),
    "SealedSecret": (("spec", "template", "data"),),
    "ExternalSecret": (("spec", "target", "template", "data"),),
}
"""Where the objects have texts for the Secret that they make."""


@dataclass(frozen=True, slots=True)
class SecretObject:
    """A Secret as it will be in the cluster; `keys` gives the place of each key, `more` says that others may come."""

    manifest: Manifest
    name: str
    namespace: str
    name_pointer: Pointer
    keys: dict[str, Pointer]
    more: bool = False

    @property
    def made_by(self) -> str:
        """Return what makes it, as messages say it."""
        return "secretGenerator" if "generator" in self.manifest.value else self.manifest.kind

    @property
    def hashed(self) -> bool:
        """Return whether kustomize appends a hash to the name."""
        generator = self.manifest.value.get("generator")
        if not isinstance(generator, dict):
            return False
        whole = dig(self.manifest.document.value, ("generatorOptions", "disableNameSuffixHash"))
        own = dig(generator, ("options", "disableNameSuffixHash"))
        return (own if own is not None else whole) is not True

    def name_at(self) -> Ref:
        return self.manifest.at(*self.name_pointer)

    def key_at(self, key: str) -> Ref:
        """Return where a key is written: as a key of a mapping, or as an item of a list."""
        pointer = self.keys[key]
        return self.manifest.at(*pointer, key=pointer[-1] == key)


@once
def secrets(cluster: Cluster) -> list[SecretObject]:
    """Return every Secret that the repository gives a cluster."""
    return list(_secrets(cluster))


def _secrets(cluster: Cluster) -> Iterator[SecretObject]:
    for kind in KINDS:
        for manifest in cluster.of(kind):
            found = make(manifest)
            if found is not None:
                yield found


def make(manifest: Manifest) -> SecretObject | None:
    """Return the Secret that an object is or makes, None where its name is not known."""
    if manifest.kind == "Secret" and manifest.group == "":
        return _plain(manifest)
    if manifest.kind == "SealedSecret" and manifest.group == "bitnami.com":
        return _sealed(manifest)
    if manifest.kind == "ExternalSecret" and manifest.group == "external-secrets.io":
        return _external(manifest)
    return None


def texts(manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    """Yield the texts that an object puts into its Secret, as they are written or decoded, with their places."""
    generated = "generator" in manifest.value
    for block in _BLOCKS.get(manifest.kind, ()):
        data = manifest.get(*block)
        for key, value in data.items() if isinstance(data, dict) else ():
            plain = block != ("data",) or generated
            text = value if plain or not isinstance(value, str) else _decoded(value)
            if isinstance(text, str) and isinstance(key, str):
                yield (*block, key), text


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _plain(manifest: Manifest) -> SecretObject:
    value = manifest.value
    generator = value.get("generator")
    if isinstance(generator, dict):
        more = bool(generator.get("envs") or generator.get("env") or generator.get("behavior", "create") != "create")
        return SecretObject(manifest, manifest.name, manifest.namespace, ("name",), _generated(generator), more)
    keys: dict[str, Pointer] = {}
    for block in ("data", "stringData"):
        for key in found if isinstance(found := value.get(block), dict) else ():
            keys[key] = (block, key)
    return SecretObject(manifest, manifest.name, manifest.namespace, ("metadata", "name"), keys)


def _generated(generator: dict[str, Any]) -> dict[str, Pointer]:
    keys: dict[str, Pointer] = {}
    for source in ("files", "literals"):
        for index, item in enumerate(_list(generator.get(source))):
            name, sign, _ = str(item).partition("=")
            keys[name if sign else posixpath.basename(name)] = (source, index)
    return keys


def _sealed(manifest: Manifest) -> SecretObject:
    """Return the Secret of a SealedSecret, which has its name and namespace whatever `template.metadata` says.

    Source: bitnami-labs/sealed-secrets pkg/apis/sealedsecrets/v1alpha1/sealedsecret_expansion.go Unseal.
    """
    keys = {**_keys(manifest, ("spec", "encryptedData")), **_keys(manifest, ("spec", "template", "data"))}
    return SecretObject(manifest, manifest.name, manifest.namespace, ("metadata", "name"), keys)


def _external(manifest: Manifest) -> SecretObject:
    pointer: Pointer = ("spec", "target", "name")
    name = manifest.get(*pointer)
    if not isinstance(name, str):
        pointer, name = ("metadata", "name"), manifest.name
    template = manifest.get("spec", "target", "template")
    keys: dict[str, Pointer] = {}
    template = template if isinstance(template, dict) else {}
    for index, item in enumerate(_list(manifest.spec.get("data"))):
        if isinstance(item, dict) and isinstance(item.get("secretKey"), str):
            keys[item["secretKey"]] = ("spec", "data", index, "secretKey")
    more = bool(manifest.spec.get("dataFrom"))
    written = _keys(manifest, ("spec", "target", "template", "data"))
    if written and template.get("mergePolicy") != "Merge":
        keys, more = written, False
    else:
        keys = {**keys, **written}
    more = more or bool(template.get("templateFrom")) or manifest.get("spec", "target", "creationPolicy") == "Merge"
    return SecretObject(manifest, name, manifest.namespace, pointer, keys, more)


def _keys(manifest: Manifest, pointer: Pointer) -> dict[str, Pointer]:
    found: Any = manifest.get(*pointer)
    return {key: (*pointer, key) for key in found} if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
