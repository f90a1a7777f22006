"""A host that is no DNS name.

What it finds:
    Hosts of Ingresses, FQDNs of GSLBHostRules and HostRules, and names of hosts and delegated domains in DNSEndpoints and
    in files below a folder `dns` (A, AAAA and NS records), with a label longer than 63 characters, more than 253
    characters in all, or other characters than letters, digits and hyphens; one leading `*.` is allowed.

Why it matters:
    The API server refuses such an Ingress; a name server refuses such a record, or the whole zone with it. AMKO and
    AKO take the others and ask Avi for a GSLB service or a virtual service of that name, which Avi refuses at every
    synchronisation.
    Source: RFC 1035 section 2.3.4, RFC 1123 section 2.1; Kubernetes IngressRule.host.

Bad:
    host: online_shop.gslb.example.com

Good:
    host: online-shop.gslb.example.com

Fix:
    Write a DNS name in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.dns._records import ADDRESSES, scopes

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
HOSTS = ADDRESSES | {"NS"}
"""Types whose owners are hosts or zones; texts, services and aliases may have names with `_`."""
FIELDS = {
    "GSLBHostRule": (("spec", "fqdn"),),
    "HostRule": (("spec", "virtualhost", "fqdn"), ("spec", "virtualhost", "gslb", "fqdn")),
}


@rule("DNS101", Severity.ERROR, sources=("DNS-01", "RFC 1035 section 2.3.4"))
def check(estate: Estate) -> Iterator[Problem]:
    for name, at in _names(estate):
        if reason := _fault(name):
            yield Problem(at, f"`{name[:80]}` is no DNS name: {reason}")


def _names(estate: Estate) -> Iterator[tuple[str, Ref]]:
    """Yield the names with their places; of records, of which there are many, only those with a fault."""
    for ingress in estate.objects("Ingress"):
        yield from hosts(ingress)
    for kind, pointers in FIELDS.items():
        for manifest in estate.objects(kind):
            for pointer in pointers:
                if isinstance(text := manifest.get(*pointer), str) and text:
                    yield text, manifest.at(*pointer)
    for scope in scopes(estate):
        for record in scope.records:
            if record.type in HOSTS and _fault(record.name):
                yield record.name, record.name_at
            if record.type == "NS" and any(_fault(text) for _, text in record.texts):
                yield from record.targets


def hosts(ingress: Manifest) -> Iterator[tuple[str, Ref]]:
    """Yield the hosts of an Ingress with their places."""
    rules = ingress.spec.get("rules")
    for index, entry in enumerate(rules if isinstance(rules, list) else []):
        host = entry.get("host") if isinstance(entry, dict) else None
        if isinstance(host, str) and host:
            yield host, ingress.at("spec", "rules", index, "host")


@lru_cache(maxsize=65536)
def _fault(name: str) -> str | None:
    if "${" in name or "{{" in name:
        return None
    if len(name) > 253:
        return f"it has {len(name)} characters, 253 are allowed"
    for label in name.removeprefix("*.").split("."):
        if len(label) > 63:
            return f"label `{label[:20]}…` has {len(label)} characters, 63 are allowed"
        if not label:
            return "it has an empty label"
        if not LABEL.fullmatch(label):
            return f"label `{label}` may hold lower-case letters, digits and hyphens only, hyphens not at its ends"
    return None
