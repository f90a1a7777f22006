"""A host of GSLB misses the domain of all its peers by a few letters.

What it finds:
    In a repository without an estate file: a selected host whose domain almost equals the one that every other
    selected host is below, such as `shop.xavi.example.com` beside hosts of `avi.example.com`.

Why it matters:
    The DNS virtual services answer for delegated sub-domains only; a name beside them resolves nowhere. AKO
    compares letters, not labels, so that it accepts `xavi.example.com` for the sub-domain `avi.example.com`, and
    nothing warns.
    Source: AKO internal/nodes/validator.go IsValidHostName (1.9.2 to 2.1.1).

Bad:
    # other hosts: cart.avi.example.com, pay.avi.example.com
    spec: {rules: [{host: shop.xavi.example.com}]}

Good:
    spec: {rules: [{host: shop.avi.example.com}]}

Fix:
    Correct the host. Where the domain is meant, an `estate.yaml` with both in `gslb.domains` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from validator.federation.selection import Candidate
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.app._hosts import below, domains

ALIKE = 0.85
"""Likeness of two domains from which on one is taken for a slip of the other."""
PEERS = 2


@rule("APP105", Severity.WARNING, sources=("APP-05", "AKO internal/nodes/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    if domains(estate):
        return
    for selection in estate.selections:
        if not selection.policy.sound:
            continue
        parents: dict[str, list[Candidate]] = {}
        for found in selection.selected:
            host = found.name or ""
            if "$" not in host and host.count(".") > 1:
                parents.setdefault(host.partition(".")[2], []).append(found)
        usual = max(parents, key=lambda domain: len({found.host for found in parents[domain]}), default="")
        if len({found.host for found in parents.get(usual, ())}) < PEERS:
            continue
        for domain, group in parents.items():
            if domain == usual or below(domain, usual) or below(usual, domain):
                continue
            if domain.endswith(usual) or SequenceMatcher(None, domain, usual).ratio() >= ALIKE:
                yield Problem(
                    group[0].at,
                    f"host `{group[0].name}` is below `{domain}`, its peers are below `{usual}`; did you mean "
                    f"`{(group[0].name or '').partition('.')[0]}.{usual}`",
                    related=((parents[usual][0].at, f"a host below `{usual}`"),),
                    site=group[0].cluster.site,
                    cluster=group[0].cluster.name,
                )
