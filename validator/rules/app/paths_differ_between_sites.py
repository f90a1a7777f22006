"""A path of a GSLB host exists in one site only.

What it finds:
    A host that the policy selects in several member clusters, with a path in one of them that no path of another
    one covers.

Why it matters:
    Without health monitors of your own AMKO makes one for each path of any member and attaches all of them to the
    GSLB service. The site without the path answers 404, its monitor fails, and GSLB takes the healthy site out.
    Source: AMKO gslb/nodes/avi_model_nodes.go buildHmPathList (1.9.1 to 2.1.1).

Bad:
    # site01
    paths: [{path: /shop}]
    # site02
    paths: [{path: /store}]

Good:
    # site02
    paths: [{path: /shop}]

Fix:
    Serve the same paths in every site, or give the policy (or the GSLBHostRule of the host) `healthMonitorRefs`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from validator.clusters.workloads import Path
from validator.federation.selection import Candidate, Selection
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.rules import rule
from validator.rules.app._hosts import declared_apps
from validator.values import flag

POLICY = "globalDeploymentPolicy"


@rule("APP129", Severity.WARNING, sources=("APP-01", "AMKO gslb/nodes/avi_model_nodes.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = {app.get("host"): app.get("path") for _, app in declared_apps(estate)}
    for selection in estate.selections:
        release = selection.policy.release
        owned = release.get(POLICY, "healthMonitorRefs") or flag(release.get(POLICY, "controlPlaneHmOnly"))
        if not selection.policy.sound or owned:
            continue
        for name, group in selection.names.items():
            if len({found.cluster for found in group}) > 1 and not _monitored(selection, name):
                yield from _odd(name, group, declared.get(name))


def _monitored(selection: Selection, name: str) -> bool:
    rules = selection.policy.release.cluster.of("GSLBHostRule", "amko.vmware.com")
    return any(one.spec.get("fqdn") == name and one.spec.get("healthMonitorRefs") for one in rules)


def _odd(name: str, group: list[Candidate], preferred: object) -> Iterator[Problem]:
    by_cluster: dict[Cluster, dict[str, tuple[Candidate, Path]]] = {}
    for found in group:
        paths = found.rule.paths if found.rule is not None else None
        known = {path.path: (found, path) for path in paths or () if path.path.startswith("/")}
        by_cluster.setdefault(found.cluster, {}).update(known)
    if not all(by_cluster.values()):
        return
    count = Counter(frozenset(paths) for paths in by_cluster.values())
    usual = next((paths for paths in count if preferred in paths), count.most_common(1)[0][0])
    model = next(cluster for cluster, paths in by_cluster.items() if paths.keys() == usual)
    for cluster, served in by_cluster.items():
        extra = [text for text in served if not _covered(text, usual)]
        lost = [text for text in by_cluster[model] if not _covered(text, served)]
        if not (extra or lost) or (isinstance(preferred, str) and preferred not in served):
            continue
        found, path = served[extra[0]] if extra else next(iter(served.values()))
        there, here = (model, cluster) if extra else (cluster, model)
        other = next(iter(by_cluster[model].values()))
        yield Problem(
            found.manifest.at(*path.pointer, "path"),
            f"path `{(extra or lost)[0]}` of host `{name}` is in cluster `{here.name}` but not in `{there.name}`; "
            "AMKO monitors it in every member and takes the one without it out",
            related=((other[0].manifest.at(*other[1].pointer, "path"), f"the host in `{model.name}`"),),
            site=cluster.site,
            cluster=cluster.name,
        )


def _covered(text: str, paths: Iterable[str]) -> bool:
    return "$" in text or any(path == text or text.startswith(path.rstrip("/") + "/") for path in paths)
