"""A cluster's folder leaves the repository, and the cluster does not know.

What it finds:
    A cluster of the base revision, with AKO or AMKO or clusters of its own, of which nothing is in the
    repository any more; one that has only moved to another folder is known by its context, its clusters or
    AKO's cluster name. Needs `--base`.

Why it matters:
    An engine that pulls for itself finds no folder any more (`kustomization path not found`, Argo CD: `app
    path does not exist`) and stops there: nothing is pruned, AKO and AMKO go on with their last settings, and
    nobody can change them. When it comes back, an AMKO that led still leads. Where another cluster applied
    the folder, everything in it is pruned instead, and the Avi objects stay.
    Source: fluxcd/kustomize-controller internal/controller/kustomization_controller.go.

Bad:
    # git rm -r sites/site02/clusters/wld-site02

Good:
    # first commit: deleteConfig "true", out of GSLB; second: the releases are removed; third: the folder goes

Fix:
    Take the cluster out of GSLB, let AKO delete its objects, remove the releases, and delete the folder last.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read import argocd, flux
from validator.rules import rule


@rule("GIT901", Severity.WARNING, sources=("kustomize-controller internal/controller/kustomization_controller.go",))
def check(estate: Estate) -> Iterator[Problem]:
    past = estate.past
    for cluster in past.gone if past else ():
        assert past is not None
        if not (cluster.ako or cluster.amko or cluster.runs_clusters):
            continue
        if _pulls_itself(cluster):
            effect = "its engine finds no folder, prunes nothing and leaves everything running as it was"
        else:
            effect = "what applied it prunes it, and what AKO made in Avi stays"
        where = f" of site `{cluster.site}`" if cluster.site not in {"", cluster.name} else ""
        yield Problem(
            past.place(f"{cluster.root}/kustomization.yaml"),
            f"cluster `{cluster.name}`{where} is in the repository no more: {effect}; take it out of GSLB and let "
            "AKO delete its objects first",
            site=cluster.site,
            cluster=cluster.name,
        )


def _pulls_itself(cluster: Cluster) -> bool:
    """Return whether the engine of a cluster is told by the cluster's own folder what to apply."""
    for item in cluster.manifests:
        if flux.is_kustomization(item) and not flux.target(item):
            return True
        if argocd.is_application(item) and not argocd.target(item):
            return True
    return False
