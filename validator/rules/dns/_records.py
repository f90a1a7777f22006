"""DNS records in the repository, as external-dns reads them.

Source: kubernetes-sigs/external-dns, DNSEndpoint externaldns.k8s.io/v1alpha1; docs/sources/ns-record.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import Manifest

GROUP = "externaldns.k8s.io"


@dataclass(frozen=True, slots=True)
class Record:
    """One record set: name and targets in lower case without a final dot, with their places."""

    name: str
    type: str
    name_at: Ref
    targets: tuple[tuple[str, Ref], ...]
    targets_at: Ref


def records(estate: Estate) -> list[Record]:
    """Return every record set of every DNSEndpoint."""
    return [record for manifest in estate.objects("DNSEndpoint") if manifest.group == GROUP for record in _of(manifest)]


def _of(manifest: Manifest) -> Iterator[Record]:
    entries = manifest.spec.get("endpoints")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        name = entry.get("dnsName") if isinstance(entry, dict) else None
        if not isinstance(name, str):
            continue
        place = ("spec", "endpoints", index)
        targets = entry.get("targets")
        yield Record(
            plain(name),
            str(entry.get("recordType", "A")),
            manifest.at(*place, "dnsName"),
            tuple(
                (plain(text), manifest.at(*place, "targets", order))
                for order, text in enumerate(targets if isinstance(targets, list) else [])
                if isinstance(text, str)
            ),
            manifest.at(*place, "targets"),
        )


def plain(name: str) -> str:
    """Return a DNS name as names are compared."""
    return name.lower().rstrip(".")
