"""Tell one fault once: what follows from another finding is left out until that one is mended.

A schema comes first: a misspelt key is missing under its right name, and a value of a wrong type is no value. What cannot be
read or built comes before what is missing because of it. A difference from the estate file comes after the rule that says
what is wrong with the value.
"""

from __future__ import annotations

from collections.abc import Iterable

from validator.finding import Finding, Severity

SCHEMA = "SCH"
ESTATE_FILE = ("EST2", "AVI121", "TKG140")
UNBUILT = frozenset(
    "YML101 YML102 YML103 YML104 SCH101 SCH102 SCH103 SCH104 GIT112 GIT113 GIT114 GIT116 GIT121 GIT122 AKO140".split()
)
"""Rules that find objects which never reach a cluster as they are meant."""
UNLINKED = frozenset("GIT103 GIT105 EST209".split())
SOURCELESS = "GIT105"
"""Comes before the rule on dependencies: what has moved to another namespace has lost both."""
"""Rules that find objects which wait for something that never comes; an unbuilt one may be what they wait for."""

ASIDE = "GIT120"
"""The rule that tells only that a site is not like the others; silent about an object of which another rule speaks."""

Place = tuple[str, int, int]


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those that follow from another one of them."""
    found = list(findings)
    shaded: set[Place] = set()
    errors: set[Place] = set()
    unbuilt: set[str] = set()
    unlinked: set[str] = set()
    sourceless: set[str] = set()
    for finding in found:
        if finding.rule.startswith(SCHEMA):
            shaded.add((finding.path, finding.line, finding.column))
            if finding.parent is not None:
                shaded.add((finding.path, *finding.parent))
        elif finding.severity is Severity.ERROR and not finding.rule.startswith(ESTATE_FILE):
            errors.add((finding.path, finding.line, finding.column))
        if finding.rule in UNBUILT:
            unbuilt.add(finding.path)
        elif finding.rule in UNLINKED:
            unlinked.add(finding.path)
            if finding.rule == SOURCELESS:
                sourceless.add(finding.path)
    spoken = {(one.path, one.subject) for one in found if one.rule != ASIDE}
    named = {other.path for one in found if one.rule != ASIDE for other in one.related}
    paths = {path for path, _ in spoken} | named
    found = [one for one in found if one.rule != ASIDE or not _beside(one, spoken, paths)]
    left = [one for one in found if not _shaded(one, shaded, errors)]
    before = {**dict.fromkeys(UNLINKED, unbuilt | sourceless), SOURCELESS: unbuilt}
    return [one for one in left if not _absent(one, before.get(one.rule, unbuilt | unlinked))]


def _beside(finding: Finding, spoken: set[tuple[str, str]], paths: set[str]) -> bool:
    """Return whether another rule speaks of the object, or of one of the files that it is compared with."""
    compared = {other.path for other in finding.related}
    return (finding.path, finding.subject) in spoken or finding.path in paths or bool(compared & paths)


def _shaded(finding: Finding, shaded: set[Place], errors: set[Place]) -> bool:
    place = (finding.path, finding.line, finding.column)
    if finding.rule.startswith(SCHEMA):
        return False
    return place in shaded or (finding.rule.startswith(ESTATE_FILE) and place in errors)


def _absent(finding: Finding, broken: set[str]) -> bool:
    folder = finding.absence
    return folder is not None and any(
        path == folder or path.startswith(f"{folder}/" if folder else "") for path in broken
    )
