"""AMKO talks to a controller that does not lead GSLB.

What it finds:
    A `configs.gslbLeaderController` of AMKO that is neither the controller of the leader in `avi/gslb.json` nor one of its
    `ip_addresses`. With an estate file it is wrong-leader-controller that speaks.

Why it matters:
    Only the leader takes GSLB services; a follower answers AMKO with an error for each of them, and nothing gets a
    global name.
    Source: AMKO gslb/ingestion/gslb.go AddGSLBConfigObject, gslb/rest PublishKeyToRetryLayer (1.9.1 to 2.1.1).

Bad:
    # avi/gslb.json
    {"gslb": {"leader": "site01"}, "controllers": [{"site": "site01", "controller": "avi-01.example.com"}]}
    # AMKO
    configs: {gslbLeaderController: avi-02.example.com}

Good:
    configs: {gslbLeaderController: avi-01.example.com}

Fix:
    Write the leader's controller into the values of every AMKO. When the lead moves, change both in one commit.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import GslbConfiguration
from validator.rules import rule
from validator.rules.amk._controllers import host_of

CONTROLLER = ("configs", "gslbLeaderController")


@rule("AVI122", Severity.ERROR, sources=("AMKO-GC-02", "GSLB-05", "AMKO gslb/ingestion/gslb.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    data = [found for found in estate.gslb if found.is_data and found.leader is not None]
    if estate.declared is not None or len(data) != 1:
        return
    known = _addresses(data[0])
    for federation in estate.federations:
        for release in federation.releases:
            host = host_of(release.text(*CONTROLLER))
            if known and host and host not in known:
                text = (
                    f"`{release.title(*CONTROLLER)}` of cluster `{release.cluster.name}` is `{host}`, "
                    f"the GSLB leader `{data[0].gslb.get('leader')}` is at {', '.join(f'`{one}`' for one in known)}"
                )
                yield Problem(release.at(*CONTROLLER), text, ((data[0].gslb.at("leader"), "the leader"),))


def _addresses(found: GslbConfiguration) -> list[str]:
    leader = found.leader
    own = found.controller(str(leader.get("name"))) if leader else None
    texts = [own.text("controller") if own else None]
    texts += [part.text("addr") for part in leader.parts("ip_addresses")] if leader else []
    return list(dict.fromkeys(host_of(text) for text in texts if text))
