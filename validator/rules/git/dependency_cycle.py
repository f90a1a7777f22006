"""Objects that wait for each other.

What it finds:
    Flux Kustomizations, or HelmReleases, whose `dependsOn` form a circle.

Why it matters:
    Each waits for another to be ready, none ever is: nothing of them is applied.
    Source: fluxcd/kustomize-controller docs/spec/v1/kustomizations.md, Dependencies.

Bad:
    # ako
    dependsOn: [{name: amko}]
    # amko
    dependsOn: [{name: ako}]

Good:
    # amko
    dependsOn: [{name: ako}]

Fix:
    Remove one of the dependencies.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.git._syncs import GROUPS, Root, roots

Key = tuple[str, str]


@rule("GIT104", Severity.ERROR, sources=("GIT-02", "fluxcd/kustomize-controller docs/spec/v1/kustomizations.md"))
def check(estate: Estate) -> Iterator[Problem]:
    for root in roots(estate):
        for kind in GROUPS if not _are_ordered(root.waiting) else ():
            yield from _cycles(root, kind)


def _are_ordered(manifests: list[Manifest]) -> bool:
    """Return whether each of them waits for those before it alone, as mostly they do: then no circle is there."""
    before: set[tuple[str, str, str]] = set()
    for manifest in manifests:
        kind, own = manifest.kind, (manifest.kind, manifest.namespace, manifest.name)
        if own in before:
            return False
        if "dependsOn" in manifest.spec and not all((kind, *key) in before for key in _needed(manifest)):
            return False
        before.add(own)
    return True


def _cycles(root: Root, kind: str) -> Iterator[Problem]:
    nodes = {(m.namespace, m.name): m for m in root.waiting if m.kind == kind}
    done: set[Key] = set()
    for start in nodes:
        path: list[Key] = []
        pending: list[tuple[Key, int]] = [(start, 0)]
        while pending:
            key, depth = pending.pop()
            del path[depth:]
            if key in path:
                circle = path[path.index(key) :]
                yield _problem(kind, [nodes[one] for one in circle])
                done.update(circle)
                break
            if key in done:
                continue
            path.append(key)
            pending.extend((needed, depth + 1) for needed in _needed(nodes[key]) if needed in nodes)
        done.update(path)


def _needed(manifest: Manifest) -> Iterator[Key]:
    entries = manifest.spec.get("dependsOn")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            namespace = entry.get("namespace")
            yield (namespace if isinstance(namespace, str) else manifest.namespace), entry["name"]


def _problem(kind: str, circle: list[Manifest]) -> Problem:
    first, *others = circle
    way = " -> ".join(f"`{manifest.name}`" for manifest in (*circle, first))
    related = tuple((other.at("spec", "dependsOn"), f"`{other.name}` waits here") for other in others)
    return Problem(first.at("spec", "dependsOn"), f"{kind}s wait for each other: {way}", related)
