"""From what the command line names to members and findings: read, merge, check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from validator.errors import InputError
from validator.finding import Finding
from validator.members import checks
from validator.members.checks import View
from validator.members.checks._ends import dated
from validator.members.credentials import days_left
from validator.members.expected import Declaration, declaration, server_of
from validator.members.kubeconfig import Kubeconfig, read
from validator.members.merge import Member, Merged, as_they_are, merge, text_of
from validator.members.sources import Place, read_kubeconfigs
from validator.members.tokens import token_kubeconfigs
from validator.runner import Report


@dataclass(frozen=True, slots=True)
class Wish:
    """What to read and how; every field is as on the command line."""

    kubeconfigs: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    estate: Path | None = None
    renames: tuple[str, ...] = ()
    keep_all: bool = False
    warn_days: int = 30
    ignore: tuple[str, ...] = ()
    as_is: bool = False
    """Check what is there: no context dropped or named anew, no file taken in."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The members, what they come to as text, and what is wrong with them."""

    estate: Declaration | None
    merged: Merged
    text: str = field(repr=False)
    findings: tuple[Finding, ...]
    files: int
    now: datetime

    def report(self) -> Report:
        """Return the report; it holds no source text, so that no format shows a line of a kubeconfig."""
        return Report(".", self.files, self.files, self.findings)


def gather(wish: Wish) -> Gathered:
    """Return members and findings; raise InputError where something cannot be read at all."""
    estate = declaration(wish.estate)
    ignored = _known(wish.ignore)
    files = [read(source) for source in read_kubeconfigs(wish.kubeconfigs)] + token_kubeconfigs(wish.tokens, estate)
    if not files:
        raise InputError("no kubeconfig is given", hint="estate members merge FILE..., or --token-secret CLUSTER=FILE")
    merged = as_they_are(files) if wish.as_is else merge(files, estate, renames=wish.renames, keep_all=wish.keep_all)
    text = text_of(merged.members)
    size = files[0].source.size if wish.as_is and len(files) == 1 else len(text.encode())
    now = datetime.now(UTC)
    view = View(merged, estate, _place(files), size, now, wish.warn_days)
    return Gathered(estate, merged, text, checks.findings(view, ignored), len(files), now)


def described(gathered: Gathered) -> Iterator[str]:
    """Yield a line for each member: where it leads, and until when its credentials are good."""
    for member in gathered.merged.members:
        server = server_of(member.cluster.text("server")) if member.cluster else None
        parts = [str(server) if server is not None and server.host else "no server", *_ends(member, gathered.now)]
        before = f" (was {member.context.name})" if member.name != member.context.name else ""
        yield f"{member.name}{before}: {', '.join(parts)}"


def _ends(member: Member, now: datetime) -> Iterator[str]:
    for one in dated(member):
        ends = one.validity.ends
        until = "without end" if ends is None else f"until {ends:%Y-%m-%d} ({days_left(ends, now)} days)"
        yield f"{one.title} {until}"


def _place(files: Sequence[Kubeconfig]) -> Place:
    return files[0].source.place("contexts", key=True)


def _known(names: Iterable[str]) -> tuple[str, ...]:
    for name in names:
        if checks.find(name) is None:
            raise InputError(f"--ignore: there is no check `{name}`", hint="docs/members.md lists them all")
    return tuple(names)
