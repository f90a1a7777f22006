"""AMKO speaks a newer API than the controller has, or not the same in all clusters.

What it finds:
    A `configs.controllerVersion` that is newer than the GSLB leader's controller, as the estate file declares it or as an AKO that
    uses the same controller says; and one that differs from the other clusters' (in a draw, from the AMKO leader's).

Why it matters:
    The controller answers a request for a newer API version with an error, and AMKO does not get past its first: `issue in
    connecting to the controller API, …`. Where the clusters differ, the leader's version is written over the followers', and after
    a failover another API is spoken.
    Source: AMKO gslb/ingestion/gslb.go VerifyVersion; federator/controllers/utils.go UpdateObjOnMemberCluster (1.9.1 to 2.1.1).

Bad:
    # the controller is 22.1.2
    configs: {controllerVersion: "30.1.1"}

Good:
    configs: {controllerVersion: "22.1.2"}

Fix:
    Write the version of the GSLB leader's controller, the same in every cluster. Raise it after the controller is upgraded.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import version
from validator.federation.agreement import disagreements
from validator.finding import Problem, Severity
from validator.model import Estate, Federation, Release
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.amk._controllers import host_of

VERSION = ("configs", "controllerVersion")


@rule("AMK204", Severity.ERROR, sources=("AMKO-GC-04", "AMKO-FED-07"))
def check(estate: Estate) -> Iterator[Problem]:
    for federation in estate.federations:
        answers = [(r, text) for r in federation.releases if (text := r.text(*VERSION)) and version.parse(text)]
        told = set()
        for release, text in answers:
            known = _known(estate, federation, release)
            if known is not None and (version.compare(text, known[0]) or 0) > 0:
                told.add(id(release))
                yield Problem(
                    release.at(*VERSION),
                    f"`{release.title(*VERSION)}` is {text}, but the GSLB leader's controller is {known[0]}, and refuses a newer API; "
                    "write its own version or an older one",
                    related=((known[1], f"the controller is {known[0]}"),),
                )
        for release, model in disagreements(federation, answers):
            if id(release) not in told and id(model) not in told:
                yield Problem(
                    release.at(*VERSION),
                    f"`{release.title(*VERSION)}` is {release.text(*VERSION)} in cluster `{release.cluster.name}`, but "
                    f"{model.text(*VERSION)} in `{model.cluster.name}`; it must be the same in all clusters of a federation",
                    related=((model.at(*VERSION), f"{model.text(*VERSION)} in `{model.cluster.name}`"),),
                )


def _known(estate: Estate, federation: Federation, release: Release) -> tuple[str, Ref] | None:
    """Return the version of the leader's controller and where it is said."""
    declared = estate.declared
    if declared is not None and any(cluster.declared for cluster in federation.clusters):
        gslb = declared.resolved.get("gslb") or {}
        for index, site in enumerate(declared.resolved.get("sites", [])):
            if site.get("name") == gslb.get("leader") and isinstance(gslb.get("leaderVersion"), str):
                return gslb["leaderVersion"], declared.at("sites", index, "avi", "version")
    host = host_of(release.text("configs", "gslbLeaderController"))
    for cluster in estate.members if host else ():
        for other in cluster.ako:
            text = other.text("ControllerSettings", "controllerVersion")
            if text and version.parse(text) and host_of(other.text("ControllerSettings", "controllerHost")) == host:
                return text, other.at("ControllerSettings", "controllerVersion")
    return None
