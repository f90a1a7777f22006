"""A plain scalar that YAML readers take for different things.

What it finds:
    An unquoted scalar of a Kubernetes object or a kustomization that the readers of Kubernetes and of other
    tools resolve differently: `on`, `no`, `y` (booleans to Kubernetes, text to YAML 1.2), `010` (8 or 10),
    `1:30` (text or 90), `1e3`, `1_000`, dates. File modes (`defaultMode: 0644`) are left alone: octal is what
    is meant there, and Kubernetes reads it so.

Why it matters:
    The same line means one thing in the cluster and another in the tool that generated, reviewed or patched it.
    A context or a label that is called `on` or `1e3` arrives as a boolean or a number, and the API server or
    the chart refuses it.
    Source: sigs.k8s.io/yaml goyaml.v2/resolve.go; YAML 1.2.2 section 10.3.2; measured with kubeconform,
    ruamel.yaml, PyYAML.

Bad:
    metadata:
      labels: {gslb: on}

Good:
    metadata:
      labels: {gslb: "on"}

Fix:
    Quote it where text is meant; write `true`, `false` or the decimal number where a boolean or a number is.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Action, Edit, Problem, Severity
from validator.fix import wanted_type
from validator.model import Estate
from validator.read.documents import Document, Ref
from validator.read.exact import Pointer
from validator.read.scalars import ambiguity, resolve
from validator.rules import rule

MODES = frozenset({"defaultMode", "mode"})
DATES = frozenset({"creationTimestamp", "deletionTimestamp", "lastmodified"})


@rule("YML701", Severity.WARNING, sources=("YML", "sigs.k8s.io/yaml goyaml.v2/resolve.go"))
def check(estate: Estate) -> Iterator[Problem]:
    for document in estate.documents:
        if document.ambiguous and _is_object(document):
            yield from _ambiguous(estate, document)


def _is_object(document: Document) -> bool:
    kustomization = document.path.rpartition("/")[2] in {"kustomization.yaml", "kustomization.yml"}
    return kustomization or bool(document.api_version and document.kind != "CustomResourceDefinition" and document.kind)


def _ambiguous(estate: Estate, document: Document) -> Iterator[Problem]:
    for pointer, node, key in document.tree.plain_scalars():
        text = node.plain or ""
        reason = ambiguity(text)
        if reason is None or _meant(pointer, text) or _is_dumped(pointer):
            continue
        what = "key" if key else "value"
        at = document.ref(*pointer, key=key)
        fix = () if key else _fix(estate, at, text)
        yield Problem(at, f"plain {what} `{text}` is {reason}; {_advice(text)}", fix=fix)


def _fix(estate: Estate, at: Ref, text: str) -> tuple[Edit, ...]:
    """Keep what Kubernetes reads: text gets quotes, and a boolean its own word where nothing else is wanted."""
    value = resolve(text)
    if isinstance(value, str):
        return (Edit(at, Action.QUOTE),)
    if isinstance(value, bool) and wanted_type.is_boolean(estate, at.document, at.pointer):
        return (Edit(at, Action.SET, "", value),)
    return ()


def _meant(pointer: Pointer, text: str) -> bool:
    last = pointer[-1] if pointer else ""
    return (last in MODES and text.isdigit()) or last in DATES


def _is_dumped(pointer: Pointer) -> bool:
    """Return whether a value was read from a cluster, such as the times of a status: nobody applies it."""
    start = pointer[2:] if pointer[:1] == ("items",) else pointer
    return start[:1] == ("status",) or start[:2] == ("metadata", "managedFields")


def _advice(text: str) -> str:
    value = resolve(text)
    if isinstance(value, bool):
        return f'write `"{text}"` for text or `{str(value).lower()}` for the boolean'
    if isinstance(value, int | float):
        return f'write `"{text}"` for text or `{value:g}` for the number'
    return f'write `"{text}"`'
