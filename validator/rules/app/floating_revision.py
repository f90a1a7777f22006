"""The application of a GSLB host follows a floating revision.

What it finds:
    A branch, `HEAD` or a version range as revision of an external source which is applied into a namespace with a
    selected Ingress or Service. The estate's own repository is not meant.

Why it matters:
    Each site pulls for itself, when it can. With a floating revision two sites run two versions under one name, and
    a bad push reaches all sites within one interval: the failure that GSLB is there for hits every member.
    Source: fluxcd.io GitRepository v1, reference; argo-cd.readthedocs.io, Tracking and Deployment Strategies.

Bad:
    kind: GitRepository
    spec: {url: https://git.example.com/shop.git, ref: {branch: main}}

Good:
    kind: GitRepository
    spec: {url: https://git.example.com/shop.git, ref: {tag: v1.4.2}}

Fix:
    Pin a tag, a commit, or an exact chart version, the same in every site.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.app._sources import shown, sources


@rule("APP128", Severity.WARNING, sources=("tkg-avi APP-02",))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        exposed = {(found.cluster, found.manifest.namespace) for found in selection.selected}
        for cluster in selection.members:
            for found in sources(estate, cluster):
                if (cluster, found.namespace) in exposed and found.floating:
                    yield Problem(
                        found.revision_at,
                        f"{found.sync.kind} `{found.sync.name}` follows `{found.revision or 'the default branch'}` "
                        f"of `{shown(found.url)}`, which moves; pin a tag, a commit or an exact version",
                        site=cluster.site,
                        cluster=cluster.name,
                    )
