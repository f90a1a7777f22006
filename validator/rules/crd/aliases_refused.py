"""A HostRule has aliases that AKO does not take.

What it finds:
    Aliases of a HostRule whose `fqdnType` is not Exact, that name its own `fqdn` or `gslb.fqdn`, that stand there
    twice, or that another HostRule of the cluster has.

Why it matters:
    AKO rejects the whole HostRule, its certificate and its global FQDN with it.
    Source: AKO internal/k8s/validator.go ValidateHostRuleObj (1.9.2 to 2.1.1).

Bad:
    spec: {virtualhost: {fqdn: shop.avi.example.com, aliases: [shop.avi.example.com]}}

Good:
    spec: {virtualhost: {fqdn: shop.avi.example.com, aliases: [www.avi.example.com]}}

Fix:
    List each other name of the host once, in one HostRule, with fqdnType Exact.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.crd._objects import GROUP, HOST, aliases, title

ALIASES = (*HOST, "aliases")


@rule("CRD103", Severity.ERROR, sources=("HR-03", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders("HostRule"):
        users: dict[str, Manifest] = {}
        for item in cluster.of("HostRule", GROUP):
            for at, text, related in _faults(item, users):
                note = f"{text}; AKO rejects {title(item)}"
                yield Problem(at, note, related=related, site=cluster.site, cluster=cluster.name)


def _faults(item: Manifest, users: dict[str, Manifest]) -> Iterator[tuple[Ref, str, tuple[tuple[Ref, str], ...]]]:
    names = aliases(item)
    kind = item.get(*HOST, "fqdnType")
    if names and kind in ("Wildcard", "Contains"):
        yield item.at(*ALIASES, key=True), f"aliases need fqdnType Exact, it is {kind}", ()
        return
    seen: set[str] = set()
    for index, name in names:
        at = item.at(*ALIASES, index)
        first = users.setdefault(name, item)
        if name == item.get(*HOST, "fqdn"):
            yield at, f"alias `{name}` is the `fqdn` itself", ((item.at(*HOST, "fqdn"), "the host"),)
        elif name == item.get(*HOST, "gslb", "fqdn"):
            yield at, f"alias `{name}` is the `gslb.fqdn`", ((item.at(*HOST, "gslb", "fqdn"), "the global name"),)
        elif name in seen:
            yield at, f"alias `{name}` stands there twice", ()
        elif first is not item and (first.namespace, first.name) != (item.namespace, item.name):
            yield at, f"alias `{name}` is already in use by {title(first)}", ((first.at(*ALIASES), title(first)),)
        seen.add(name)
