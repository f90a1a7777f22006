"""A kubeconfig that does not fit into an environment variable.

What it finds:
    More than 131,059 bytes of kubeconfig: what is left of the 131,072 that Linux takes for one variable behind `GSLB_CONFIG=`. From four
    fifths of that on it is a warning.

Why it matters:
    The container of AMKO does not start: `exec ...: argument list too long`. A member with an admin certificate takes about 5,600
    bytes, one with a token about 3,000: some 23 or 43 members fit.
    Source: AMKO helm/amko/templates/statefulset.yaml, `secretKeyRef` in `env` (1.9.1 to 2.1.1); execve(2), MAX_ARG_STRLEN.

Bad:
    60 members with admin certificates

Good:
    the same members with tokens of accounts, without contexts of no member

Fix:
    Use tokens instead of certificates, leave out what is no member, shorten bundles of authorities to the one that is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import names
from validator.finding import Severity
from validator.members.checks import Fault, View, check


@check("MBR116", Severity.ERROR, sources=("execve(2), MAX_ARG_STRLEN",))
def large(view: View) -> Iterator[Fault]:
    most = names.MAX_VARIABLE - len(names.MEMBERS_VARIABLE) - 2
    text = f"{view.size} bytes of kubeconfig for {len(view.members)} contexts; AMKO gets it as an environment variable, which holds {most}"
    if view.size > most:
        yield Fault(view.at, text)
    elif view.size > most * 4 // 5:
        yield Fault(view.at, text, severity=Severity.WARNING)
