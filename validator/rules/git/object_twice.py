"""An object is given twice.

What it finds:
    A file or folder that a kustomization lists twice, and two objects of one kind, namespace and name in what one sync
    applies: one file copied and not renamed, or one object in two files.

Why it matters:
    kustomize stops with `may not add resource with an already registered id`, and nothing of the whole folder is applied any
    more. Argo CD without kustomize applies both, one after the other, and the second one wins.
    Source: kubernetes-sigs/kustomize api/resmap/reswrangler.go Append; argo-cd docs, operator manual, RepeatedResourceWarning.

Bad:
    # kustomization.yaml
    resources: [release.yaml, release-copy.yaml]
    # release-copy.yaml
    kind: HelmRelease
    metadata: {name: ako, namespace: avi-system}      # as in release.yaml

Good:
    resources: [release.yaml]

Fix:
    Take one of them out, or give it a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Action, Edit, Problem, Severity
from validator.model import Cluster, Estate
from validator.read.documents import Document
from validator.read.kustomize import join, strings
from validator.read.manifest import Manifest
from validator.rules import rule


@rule("GIT123", Severity.ERROR, sources=("GIT", "kubernetes-sigs/kustomize api/resmap/reswrangler.go"))
def check(estate: Estate) -> Iterator[Problem]:
    sound: set[int] = set()
    for document in estate.kustomizations:
        # Files of the same text share one value; what leads out of the folder depends on where that is.
        if id(document.value) not in sound:
            found = list(_listed_twice(document))
            if not found and not any(".." in entry for entry in strings(document.value, "resources")):
                sound.add(id(document.value))
            yield from found
    for cluster in estate.clusters:
        if len({(item.kind, item.name, item.namespace) for item in cluster.manifests}) < len(cluster.manifests):
            yield from _applied_twice(cluster)


def _listed_twice(document: Document) -> Iterator[Problem]:
    folder = document.path.rpartition("/")[0]
    known: dict[str, int] = {}
    for index, entry in enumerate(strings(document.value, "resources")):
        first = known.setdefault(join(folder, entry), index)
        if first != index:
            at = document.ref("resources", index)
            text = f"`{entry}` is listed twice: kustomize stops and nothing of this folder is applied"
            note = ((document.ref("resources", first), "listed here already"),)
            yield Problem(at, text, note, fix=(Edit(at, Action.REMOVE),))


def _applied_twice(cluster: Cluster) -> Iterator[Problem]:
    known: dict[tuple[str, str, str, str, str], Manifest] = {}
    for item in cluster.manifests:
        if not item.name or item.uncertain or "generator" in item.value:
            continue
        key = (item.applied_by, item.group, item.kind, item.namespace, item.name)
        first = known.setdefault(key, item)
        if first.document is not item.document and (item.applied_by or cluster.complete):
            where = f"{item.namespace}/{item.name}" if item.namespace else item.name
            by = f"`{item.applied_by}`" if item.applied_by else f"cluster `{cluster.name}`"
            yield Problem(
                item.at("metadata", "name"),
                f"{item.kind} `{where}` is given twice in what {by} applies: kustomize stops, or one of them is lost",
                related=((first.at("metadata", "name"), f"{item.kind} `{where}` is here already"),),
            )
