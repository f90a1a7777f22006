"""An alias belongs to two GSLB services.

What it finds:
    The same alias in HostRules of two member clusters whose hosts (with the custom global FQDN: whose global FQDNs)
    differ.

Why it matters:
    AMKO keeps the alias for the GSLB service that it met first, logs `Hostrule alias is already present in
    cluster`, and ignores it for the other. Which one is first changes with every restart of AMKO.
    Source: AMKO gslb/gslbutils/fqdn.go AddUpdateGSToDomainNameMapping; docs/multiple_fqdn.md (1.9.1 to 2.1.1).

Bad:
    # site01
    spec: {virtualhost: {fqdn: shop.avi.example.com, aliases: [www.avi.example.com]}}
    # site02
    spec: {virtualhost: {fqdn: wiki.avi.example.com, aliases: [www.avi.example.com]}}

Good:
    # site02
    spec: {virtualhost: {fqdn: wiki.avi.example.com, aliases: [docs.avi.example.com]}}

Fix:
    Give each alias to one host.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.crd._objects import HOST, aliases


@rule("CRD104", Severity.WARNING, sources=("HR-04", "AMKO gslb/gslbutils/fqdn.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        custom = selection.policy.custom
        seen: dict[str, tuple[str, Cluster, Manifest, int]] = {}
        for cluster in selection.members:
            for item in cluster.workloads.hostrules:
                name = item.get(*HOST, *(("gslb", "fqdn") if custom else ("fqdn",)))
                if not isinstance(name, str) or (custom and item.get(*HOST, "gslb", "includeAliases") is not True):
                    continue
                for index, alias in aliases(item):
                    first, there, other, place = seen.setdefault(alias, (name, cluster, item, index))
                    if first == name or there is cluster:
                        continue
                    yield Problem(
                        item.at(*HOST, "aliases", index),
                        f"alias `{alias}` of `{name}` belongs to `{first}` in cluster `{there.name}`; AMKO gives it "
                        "to one of the two",
                        related=((other.at(*HOST, "aliases", place), f"cluster `{there.name}`"),),
                        site=cluster.site,
                        cluster=cluster.name,
                    )
