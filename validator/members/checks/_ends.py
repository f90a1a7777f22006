"""When the credentials of members begin and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from validator.members import credentials
from validator.members.checks import View
from validator.members.credentials import Validity
from validator.members.kubeconfig import Entry
from validator.members.merge import Member
from validator.read.exact import Pointer
from validator.secrets.placeholder import is_placeholder

KINDS: tuple[tuple[str, str, Callable[[str], Validity], str], ...] = (
    ("cluster", "certificate-authority-data", credentials.authorities, "certificate authority"),
    ("user", "client-certificate-data", credentials.client_certificate, "client certificate"),
    ("user", "token", credentials.token, "token"),
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A credential of a member that could be read: what it is called, where it stands, how long it is good."""

    member: Member
    title: str
    entry: Entry
    key: str
    validity: Validity


def dated(member: Member) -> Iterator[Dated]:
    """Yield the credentials of a member with their times; what cannot be read is for another check."""
    for kind, key, read, title in KINDS:
        entry = member.cluster if kind == "cluster" else member.user
        if entry is None or not entry.text(key) or is_placeholder(entry.text(key)):
            continue
        try:
            yield Dated(member, title, entry, key, read(entry.text(key)))
        except ValueError:
            continue


def every(view: View) -> Iterator[Dated]:
    """Yield the credentials of all members, each once."""
    seen: set[tuple[int, str, Pointer, str]] = set()
    for member in view.members:
        for one in dated(member):
            key = id(one.entry.source), one.entry.kind, one.entry.pointer, one.key
            if key not in seen:
                seen.add(key)
                yield one
