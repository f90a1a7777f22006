"""AKO leaves a cluster, and its objects stay in Avi.

What it finds:
    An AKO release of the base revision that its cluster has no more, while `deleteConfig` was not `"true"`. Needs
    `--base`.

Why it matters:
    AKO deletes its Avi objects when its ConfigMap says `deleteConfig: "true"`, not when it is uninstalled. Without
    that the virtual services keep their addresses and answer for their hosts with pools that nobody updates, the
    GSLB services keep them as members, and the labels of the SE group keep the next cluster out.
    Source: AKO internal/k8s/ako_init.go HandleConfigMap, docs/faq.md (1.9.2 to 2.1.1).

Bad:
    # the HelmRelease of AKO is deleted; its last values say deleteConfig: "false"

Good:
    # first commit: deleteConfig "true"; second commit, after AviObjectDeletionStatus is Done: the release is deleted

Fix:
    Put the release back with `deleteConfig: "true"`, wait until the StatefulSet's annotation
    `AviObjectDeletionStatus` says `Done`, then delete it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.change import survives
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._changed import cleared


@rule("AKO905", Severity.WARNING, sources=("AKO-30", "AKO docs/faq.md@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    past = estate.past
    for release, cluster in past.lost_releases("ako") if past else ():
        if cluster is None or cleared(release) or survives(release.manifest, release.cluster):
            continue
        assert past is not None
        yield Problem(
            past.place(release.manifest.document.path),
            f"cluster `{cluster.name}` has no AKO release `{release.name}` any more: the Avi objects that it "
            "made stay, and "
            'nobody looks after them; let it delete them first (`deleteConfig: "true"`, in a commit before this one)',
            site=cluster.site,
            cluster=cluster.name,
        )
