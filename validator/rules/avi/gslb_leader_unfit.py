"""The leader of a GSLB configuration is none of its active sites.

What it finds:
    A GSLB configuration (`avi/gslb.json`, or a task of Avi's Ansible collection) whose leader is not named, is not
    among its sites, is a passive member, or is not enabled.

Why it matters:
    Avi takes a configuration only on the leader, and the leader must be a site of it; every change is replicated
    from there, and AMKO sends its GSLB services there. The controller refuses the configuration, or a federation is
    left without anyone who may change it.
    Source: alb-sdk 22.1.2 Gslb.leader_cluster_uuid, GslbSite.member_type; Avi documentation, GSLB site configuration.

Bad:
    {"gslb": {"leader": "site1", "sites": [{"name": "site01"}, {"name": "site02"}]}}

Good:
    {"gslb": {"leader": "site01", "sites": [{"name": "site01"}, {"name": "site02"}]}}

Fix:
    Name a site of the list that is an active, enabled member.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import GslbConfiguration
from validator.rules import rule


@rule("AVI110", Severity.ERROR, sources=("GSLB-01", "alb-sdk 22.1.2 Gslb"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        yield from _problems(found)


def _problems(found: GslbConfiguration) -> Iterator[Problem]:
    gslb, key = found.gslb, found.leader_key
    name, leader = gslb.get(key), found.leader
    if not isinstance(name, str):
        yield Problem(gslb.at(key) if key in gslb.data else gslb.at(key=True), f"`{key}` names no site as the leader")
    elif leader is None:
        names = [site.get("name" if found.is_data else "cluster_uuid") for site in found.sites]
        if gslb.text(key) is not None and all(isinstance(one, str) and "{{" not in one for one in names):
            listed = ", ".join(f"`{one}`" for one in names[:5]) or "none"
            yield Problem(gslb.at(key), f"leader `{name}` is none of the sites, which are {listed}")
    elif leader.get("member_type") == "GSLB_PASSIVE_MEMBER":
        text = f"leader `{name}` is a passive member; the leader must be `GSLB_ACTIVE_MEMBER`"
        yield Problem(leader.at("member_type"), text, ((gslb.at(key), "it is to lead"),))
    elif leader.get("enabled") is False:
        text = f"leader `{name}` is not enabled, so that nothing is replicated"
        yield Problem(leader.at("enabled"), text, ((gslb.at(key), "it is to lead"),))
