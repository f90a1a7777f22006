"""A configuration file of the Tanzu CLI has a value of a wrong kind.

What it finds:
    Variables with a value that is none of those allowed (`CLUSTER_PLAN`, `IDENTITY_MANAGEMENT_TYPE`, `CNI`, ...), is
    not true or false, is no number, is no network in CIDR form, or is a list or mapping; a service network of more
    than 20 host bits.

Why it matters:
    The CLI reads every value as text. It takes any text but `true` for no, where it asks for `true`; it stops at a
    CIDR that does not parse, and at a service network that kube-apiserver would refuse. A list or mapping is read as
    nothing.
    Source: tanzu-framework v0.28.3 tkg/client/validate.go; tkg/tkgconfigreaderwriter/readerwriter.go.

Bad:
    AVI_CONTROL_PLANE_HA_PROVIDER: "yes"
    CLUSTER_PLAN: production

Good:
    AVI_CONTROL_PLANE_HA_PROVIDER: "true"
    CLUSTER_PLAN: prod

Fix:
    Write one of the values that are allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from validator.facts import tanzu as facts
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.rules import rule
from validator.tkg.configuration import as_text, bounds

LABELS = "AVI_LABELS"
MAX_SERVICE_BITS = 20


@rule("TKG144", Severity.ERROR, sources=("tkg-avi B1", "tanzu-framework v0.28.3 tkg/client/validate.go"))
def check(estate: Estate) -> Iterator[Problem]:
    restricted = facts.restricted()
    for found in estate.configurations:
        for name, value in found.variables.items():
            text = None
            if isinstance(value, dict | list):
                text = _nested(name, value)
            elif name in restricted:
                text = _refused(name, value)
            if text is not None:
                yield Problem(found.at(name), text)


def _nested(name: str, value: Any) -> str | None:
    if name not in facts.names() or name == LABELS:
        return None
    kind = "mapping" if isinstance(value, dict) else "list"
    return f"`{name}` is a {kind}, which the Tanzu CLI reads as empty"


@lru_cache(maxsize=16384, typed=True)
def _refused(name: str, value: Any) -> str | None:
    text = as_text(value) or ""
    if value in (None, "") or "$" in text:
        return None  # empty, or filled in before the CLI reads it
    allowed = facts.enumerated(name)
    if allowed is not None and text not in allowed:
        near = nearest(text, [item for item in allowed if item])
        listed = ", ".join(f"`{item}`" for item in allowed if item)
        return f"`{name}` is `{text}`, allowed are {listed}" + (f"; did you mean `{near}`?" if near else "")
    if name in facts.typed("booleans") and text not in {"true", "false"}:
        return f"`{name}` is `{text}`, allowed are `true` and `false`"
    if name in facts.typed("integers") and not text.isdecimal():
        return f"`{name}` is `{text}`, which is not a whole number"
    return _network(name, text) if name in facts.typed("cidrs") else None


def _network(name: str, text: str) -> str | None:
    for part in text.split(","):
        found = bounds(part.strip())
        if found is None:
            return f"`{name}` is `{text}`, `{part.strip()}` is not a network in CIDR form"
        if "/" not in part:
            return f"`{name}` is `{text}`, which has no prefix length"
        if name == "SERVICE_CIDR" and found[2] - found[1] >= 1 << MAX_SERVICE_BITS:
            limit = (32 if found[0] == 4 else 128) - MAX_SERVICE_BITS
            return f"`{name}` is `{text}`, too large for a service network; `/{limit}` is the largest"
    return None
