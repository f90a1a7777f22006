"""A GSLB site with a DNS virtual service is a passive member.

What it finds:
    A site of a GSLB configuration that has `dns_vses` and no `member_type`, which means passive, or a `member_type`
    that is `GSLB_PASSIVE_MEMBER` or unknown.

Why it matters:
    A passive member gets no GSLB configuration, so that its DNS virtual service answers for no global name. Both
    Terraform and Ansible leave the field to the controller, whose default is passive.
    Source: alb-sdk 22.1.2 GslbSite.member_type (default GSLB_PASSIVE_MEMBER); terraform-provider-avi, GslbSite schema.

Bad:
    sites: [{name: site02, dns_vses: [{dns_vs: g-dns-vs-site02}]}]

Good:
    sites: [{name: site02, member_type: GSLB_ACTIVE_MEMBER, dns_vses: [{dns_vs: g-dns-vs-site02}]}]

Fix:
    Write `member_type: GSLB_ACTIVE_MEMBER` for every site that answers; leave `dns_vses` out for one that does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.gslb import Part, is_expression
from validator.rules import rule

ACTIVE, PASSIVE = "GSLB_ACTIVE_MEMBER", "GSLB_PASSIVE_MEMBER"


@rule("AVI116", Severity.WARNING, sources=("GSLB-09", "GSLB-12", "alb-sdk 22.1.2 GslbSite"))
def check(estate: Estate) -> Iterator[Problem]:
    for found in estate.gslb:
        leader = found.leader
        for site in found.sites:
            told = leader is not None and site is leader and site.get("member_type") == PASSIVE
            if not told:
                yield from _problem(site)


def _problem(site: Part) -> Iterator[Problem]:
    kind, name = site.get("member_type"), site.get("name")
    if kind is None and site.get("dns_vses"):
        text = f"site `{name}` has a DNS virtual service and no `member_type`, which means passive: it would not answer"
        yield Problem(site.at("member_type") if "member_type" in site.data else site.at(key=True), text)
    elif kind == PASSIVE and site.get("dns_vses"):
        text = f"site `{name}` has a DNS virtual service, but a passive member does not answer; `{ACTIVE}` does"
        yield Problem(site.at("member_type"), text, ((site.at("dns_vses", key=True), "its DNS virtual service"),))
    elif kind is not None and kind not in (ACTIVE, PASSIVE) and not (isinstance(kind, str) and is_expression(kind)):
        yield Problem(site.at("member_type"), f"`member_type` is `{kind}`; allowed are `{ACTIVE}` and `{PASSIVE}`")
