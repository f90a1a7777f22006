"""A context in the form of TKG's that names no cluster of this estate.

What it finds:
    A `federation.currentCluster` such as `x-admin@x`, where no ClusterClass `Cluster` object of the repository is called `x`, while
    a `Cluster` that nothing refers to is there: the name was made up, with its parts in another order or from another site.

Why it matters:
    `tanzu cluster kubeconfig get x --admin` writes the context `x-admin@x` with the name of the Cluster object. With another name
    in AMKO's lists the kubeconfig has no such context: the leader stops at boot, or the site silently has no members. Ignore this
    rule where somebody renames the contexts in the kubeconfig on purpose, or declare `context` in the estate file.
    Source: TKG, tanzu cluster kubeconfig get --admin; AMKO federator/controllers/utils.go BuildContextConfig (1.9.1 to 2.1.1).

Bad:
    # the Cluster object is called tkg-wld-site02
    federation: {currentCluster: site02-tkg-wld-admin@site02-tkg-wld}

Good:
    federation: {currentCluster: tkg-wld-site02-admin@tkg-wld-site02}

Fix:
    Write `<cluster>-admin@<cluster>` with the name of the Cluster object, in all sites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.facts import tkg
from validator.federation.contexts import Naming, closest
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.manifest import Manifest
from validator.rules import rule

ADMIN = re.compile(r"(.+)-admin@(.+)")


@rule("CTX109", Severity.WARNING, sources=("AMKO-CTX-01", "AMKO-CTX-02"))
def check(estate: Estate) -> Iterator[Problem]:
    objects = {
        item.name: item for cluster in estate.holders("Cluster") for item in cluster.of("Cluster", "cluster.x-k8s.io")
    }
    if not objects:
        return
    for federation in estate.federations:
        naming = estate.naming(federation)
        if naming.declared:
            continue
        used = {match[1] for text in naming.mentions if (match := ADMIN.fullmatch(text))}
        free = {tkg.admin_context(name): item for name, item in objects.items() if name not in used}
        for text, places in naming.mentions.items():
            match = ADMIN.fullmatch(text)
            if match is None or match[1] in objects or text in naming.wrong or _has(naming, text):
                continue
            owner = naming.own.get(text)
            meant = _meant(text, owner.cluster if owner else None, free)
            if meant is None:
                continue
            item = free[meant]
            first, *others = sorted(places, key=lambda place: place.pointer != ("federation", "currentCluster"))
            yield Problem(
                first.at,
                f"no Cluster object is called `{match[1]}`; TKG gives cluster `{item.name}` the context `{meant}`, did you mean that?",
                related=(
                    (item.at("metadata", "name"), f"the Cluster object `{item.name}`"),
                    *((other.at, f"`{text}` stands in `{other.title}` too") for other in others[:20]),
                ),
            )


def _has(naming: Naming, text: str) -> bool:
    return any(text in kubeconfig.contexts for kubeconfig in naming.kubeconfigs.values())


def _meant(text: str, cluster: Cluster | None, free: dict[str, Manifest]) -> str | None:
    """Return the context of the Cluster object that a cluster most likely is."""
    if cluster is not None and cluster.tkg is not None:
        own = tkg.admin_context(cluster.tkg.name)
        return own if own in free else None
    return closest(text, free)
