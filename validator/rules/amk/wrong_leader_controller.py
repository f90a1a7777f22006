"""AMKO talks to a controller that is not the GSLB leader's.

What it finds:
    A `configs.gslbLeaderController` that is not the controller of the site which the estate file names as the GSLB leader.
    Without an estate file: one that differs from the other clusters' (in a draw, from that of the AMKO leader), and one
    that is a slip away from the controllers that AKO uses.

Why it matters:
    Only the controller of the GSLB leader site takes changes of GSLB services. AMKO reports `error: controller not a
    leader`, goes on all the same, and gets a 400 for every service that it wants to make. A follower's wrong controller
    shows only after it takes over.
    Source: AMKO gslb/ingestion/gslb.go AddGSLBConfigObject, gslb/rest PublishKeyToRetryLayer (1.9.1 to 2.1.1).

Bad:
    # site01 leads GSLB
    # site02
    configs: {gslbLeaderController: avi-02.example.com}

Good:
    # site02
    configs: {gslbLeaderController: avi-01.example.com}

Fix:
    Write the leader site's controller in every cluster. When the GSLB leader moves, change all clusters in one commit.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.agreement import disagreements
from validator.federation.contexts import closest
from validator.finding import Problem, Severity
from validator.model import Estate, Federation, Release
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.amk._controllers import host_of

CONTROLLER = ("configs", "gslbLeaderController")
AKO_CONTROLLER = ("ControllerSettings", "controllerHost")


@rule("AMK202", Severity.ERROR, sources=("AMKO-GC-02", "AMKO-GC-03"))
def check(estate: Estate) -> Iterator[Problem]:
    hosts = _hosts(estate)
    for federation in estate.federations:
        answers = [(r, host) for r in federation.releases if (host := host_of(r.text(*CONTROLLER)))]
        declared = _declared(estate, federation)
        if declared is not None:
            for release, host in answers:
                if host != host_of(declared[0]):
                    yield _problem(
                        release, f"controller `{declared[0]}` of GSLB leader site `{declared[1]}`", hosts, declared[2]
                    )
            continue
        outliers = list(disagreements(federation, answers))
        for release, model in outliers:
            wanted = f"`{model.text(*CONTROLLER)}` as in cluster `{model.cluster.name}`"
            yield _problem(release, wanted, hosts, model.at(*CONTROLLER))
        if outliers or not answers or answers[0][1] in hosts:
            continue
        release, host = answers[0]
        if near := closest(host, hosts):
            yield Problem(
                release.at(*CONTROLLER),
                f"`{release.title(*CONTROLLER)}` is `{host}`, but no AKO of this estate uses a controller of that name; "
                f"did you mean `{near}`?",
                related=((hosts[near].at(*AKO_CONTROLLER), f"the AKO of `{hosts[near].cluster.name}` uses `{near}`"),),
                severity=Severity.WARNING,
            )


def _problem(release: Release, wanted: str, hosts: dict[str, Release], at: Ref) -> Problem:
    mine = release.text(*CONTROLLER)
    owner = hosts.get(host_of(mine))
    whose = f", the controller of site `{owner.cluster.site}`" if owner is not None else ""
    return Problem(
        release.at(*CONTROLLER),
        f"`{release.title(*CONTROLLER)}` of cluster `{release.cluster.name}` is `{mine}`{whose}, not {wanted}; "
        "every AMKO needs the controller of the site that leads GSLB",
        related=((at, "the controller that is meant"),),
    )


def _declared(estate: Estate, federation: Federation) -> tuple[str, str, Ref] | None:
    declared = estate.declared
    if declared is None or not any(cluster.declared for cluster in federation.clusters):
        return None
    gslb = declared.resolved.get("gslb", {})
    controller = gslb.get("leaderController")
    return (controller, str(gslb.get("leader")), declared.at("gslb", "leader")) if isinstance(controller, str) else None


def _hosts(estate: Estate) -> dict[str, Release]:
    found: dict[str, Release] = {}
    for cluster in estate.members:
        for release in cluster.ako:
            if host := host_of(release.text(*AKO_CONTROLLER)):
                found.setdefault(host, release)
    return found
