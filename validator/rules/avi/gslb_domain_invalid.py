"""A sub-domain of a GSLB configuration is none that can be delegated to it.

What it finds:
    A GSLB configuration without `dns_configs`, a `domain_name` that is there twice, is not in lower case, ends with a
    dot or is no DNS name, and one that is the parent zone of the estate file or a zone above it.

Why it matters:
    The DNS virtual services answer for these domains and what is below. With the parent zone they would have to
    answer for the whole organisation; with another spelling no service of AMKO matches. AMKO and AKO make names for
    domains that the configuration has, and for no other.
    Source: alb-sdk 22.1.2 DNSConfig.domain_name; AMKO docs/troubleshooting.md (1.9.1 to 2.1.1).

Bad:
    dns_configs: [{domain_name: Avi.example.com.}]

Good:
    dns_configs: [{domain_name: avi.example.com}]

Fix:
    Write the delegated sub-domain, each once, in lower case and without a final dot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.gslb import GslbConfiguration
from validator.read.manifest import dig
from validator.rules import rule

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")


@rule("AVI113", Severity.ERROR, sources=("GSLB-04", "alb-sdk 22.1.2 DNSConfig"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = estate.declared
    parent = dig(declared.resolved, ("gslb", "parentZone")) if declared else None
    for found in estate.gslb:
        yield from _problems(found, parent if isinstance(parent, str) else None)


def _problems(found: GslbConfiguration, parent: str | None) -> Iterator[Problem]:
    if not found.gslb.get("dns_configs"):
        at = found.gslb.at("dns_configs") if "dns_configs" in found.gslb.data else found.gslb.at(key=True)
        yield Problem(at, "`dns_configs` names no domain, so that GSLB answers for nothing")
    first: dict[str, Ref] = {}
    for domain, at in found.domains:
        plain = domain.lower().rstrip(".")
        if first.setdefault(plain, at) is not at:
            yield Problem(at, f"domain `{plain}` is in `dns_configs` twice", ((first[plain], "the first time"),))
        elif domain != plain and _NAME.fullmatch(plain):
            yield Problem(at, f"domain `{domain}` must be written `{plain}`: lower case, no final dot")
        elif not _NAME.fullmatch(plain):
            yield Problem(at, f"`{domain}` is no DNS name with at least two labels")
        elif parent and (plain == parent or parent.endswith(f".{plain}")):
            what = "is the parent zone" if plain == parent else f"is above the parent zone `{parent}`"
            yield Problem(at, f"domain `{plain}` {what}; a sub-domain of it is delegated")
