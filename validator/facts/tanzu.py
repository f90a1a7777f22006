"""Variables of the flat configuration file that `tanzu management-cluster create` and `tanzu cluster create` read."""

from __future__ import annotations

from functools import cache

from validator.facts import table, version


@cache
def names() -> frozenset[str]:
    """Return every variable that a public release knows."""
    return frozenset(table("tanzu")["known"]["names"])


def knows_all(release: str | None) -> bool:
    """Say whether the table holds all variables of a TKG release."""
    return release is not None and version.minor(release) in table("tanzu")["known"]["releases"]


def required(group: str) -> tuple[str, ...]:
    """Return the variables without which the command fails: `vsphere`, `avi`, or `environment` for what people keep there."""
    return tuple(table("tanzu")["required"][group])


def enumerated(name: str) -> tuple[str, ...] | None:
    """Return the values that a variable may have, None where any is taken."""
    found = table("tanzu")["enumerated"]["values"].get(name)
    return None if found is None else tuple(found)


@cache
def restricted() -> frozenset[str]:
    """Return the variables that do not take any text."""
    return frozenset(table("tanzu")["enumerated"]["values"]).union(*map(typed, ("booleans", "integers", "cidrs")))


@cache
def typed(kind: str) -> frozenset[str]:
    """Return the variables of a kind: `booleans`, `integers` or `cidrs`."""
    return frozenset(table("tanzu")["typed"][kind])


def default(name: str) -> str | None:
    """Return what a variable is where it is not set, None where that is empty or not known."""
    found: str | None = table("tanzu")["defaults"]["values"].get(name)
    return found


@cache
def of_management() -> frozenset[str]:
    """Return the variables that only a management cluster's configuration has a use for."""
    return frozenset(table("tanzu")["management"]["names"])


@cache
def secrets() -> frozenset[str]:
    """Return the variables that hold a secret."""
    return frozenset(table("tanzu")["secrets"])


def meaning(name: str) -> str:
    """Return what a variable is, in a few words."""
    text: str = table("tanzu")["meanings"][name]
    return text
