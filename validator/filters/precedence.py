"""Tell one fault once: what follows from another finding is left out until that one is mended.

A schema comes first: a misspelt key is missing under its right name, and a value of a wrong type is no value. What cannot be
read or built comes before what is missing because of it. A difference from the estate file comes after the rule that says
what is wrong with the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from validator.finding import Finding, Severity

SCHEMA = "SCH"
AGAINST_ESTATE_FILE = ("EST2", "AVI121", "TKG140")
"""Starts of the ids of rules that compare with the estate file and say so by their subject."""
UNBUILT = frozenset(
    """YML101 YML102 YML103 YML104 SCH101 SCH102 SCH103 SCH104 GIT112 GIT113 GIT114 GIT115 GIT116 GIT121 GIT122 GIT123
    AKO138 AKO140""".split()
)
"""Rules that find objects which never reach a cluster as they are meant."""
UNLINKED = frozenset("GIT103 GIT105 EST209".split())
"""Rules that find objects which wait for something that never comes; an unbuilt one may be what they wait for."""
SOURCELESS = "GIT105"
"""Comes before the rule on dependencies: what has moved to another namespace has lost both."""

LEFT_OUT = "GIT115"
"""A file that is not listed: as bad as what is missing because of it."""
UNSERVED = "GIT101"
"""An API version that nobody serves: the fields of another version are no faults of their own."""
TWICE = "GIT123"
"""An object that is given twice: what follows from there being two is not told."""
DECLARED = frozenset("AKO137 APP134 APP135 GHR115".split())
"""Rules of other subjects that compare with the estate file too."""
UNLIKE = frozenset("GHR104 AMK111 AMK112 AMK113 AKO140".split())
"""Rules that find only that sites differ; an error at the same place says what is wrong with the value."""
RESTART = "AKO126"
PAIRS = frozenset(
    {
        ("AKO116", "AKO118"),
        ("AKO117", "AKO116"),
        ("AKO109", "AKO110"),
        ("AKO109", "AKO137"),
        ("AKO119", "AKO137"),
        ("CTX108", "GDP104"),
        ("GHR107", "GHR108"),
        ("GHR110", "GDP111"),
        ("GIT126", "AMK301"),
        ("GIT105", "AKO135"),
        ("GDP108", "EST208"),
        ("GIT114", "GIT115"),
    }
)
"""Rules of which the second, on the same object, follows from the first."""
HOLDERS = frozenset({"values", "valuesObject"})
"""Fields that hold all values of a release."""

MISTAKEN = "AKO138"
"""A chart that is another one than was meant: all that is said of the release is said of the wrong chart."""

ASIDE = "GIT120"
"""The rule that tells only that a site is not like the others; silent about an object of which another rule speaks."""

Place = tuple[str, int, int]


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those that follow from another one of them."""
    found = _of_meant_charts(list(findings))
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
        elif finding.severity is Severity.ERROR and not finding.rule.startswith(AGAINST_ESTATE_FILE):
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
    found = _without_followers(found)
    left = [one for one in found if not _shaded(one, shaded, errors)]
    before = {**dict.fromkeys(UNLINKED, unbuilt | sourceless), SOURCELESS: unbuilt}
    gone = [one for one in left if _absent(one, before.get(one.rule, unbuilt | unlinked))]
    kept = [one for one in left if one not in gone] if gone else left
    return _promoted(kept, gone)


def _of_meant_charts(found: list[Finding]) -> list[Finding]:
    """Return the findings without those on a release that installs another chart than was meant."""
    wrong = {path for one in found if one.rule == MISTAKEN for path in (one.path, *(note.path for note in one.related))}
    if not wrong:
        return found
    return [
        one
        for one in found
        if one.rule == MISTAKEN or not (one.path in wrong or any(note.path in wrong for note in one.related))
    ]


def _without_followers(found: list[Finding]) -> list[Finding]:
    """Return the findings without those that another finding of the same object explains."""
    objects: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        objects.setdefault((one.path, one.subject), []).append(one)
    return [one for one in found if not _follows(one, objects[one.path, one.subject])]


def _follows(finding: Finding, beside: list[Finding]) -> bool:
    return len(beside) > 1 and any(other is not finding and _explains(other, finding) for other in beside)


def _explains(cause: Finding, finding: Finding) -> bool:
    """Return whether one finding on an object is the reason for another one."""
    if cause.rule == TWICE:
        return finding.rule != TWICE
    if (cause.rule, finding.rule) in PAIRS:
        return True
    if cause.rule == UNSERVED:
        return finding.rule == "SCH101"
    if cause.rule.startswith(SCHEMA):
        return not finding.rule.startswith(SCHEMA) and finding.rule != RESTART and _is_meant(cause, finding)
    if not (finding.rule.startswith(AGAINST_ESTATE_FILE) or finding.rule in DECLARED | UNLIKE):
        return False
    if cause.rule.startswith(AGAINST_ESTATE_FILE) or cause.rule in DECLARED or cause.severity is Severity.INFO:
        return False
    if finding.rule in UNLIKE:
        return cause.severity is Severity.ERROR and cause.rule not in UNLIKE and cause.pointer == finding.pointer
    size = min(len(cause.pointer), len(finding.pointer))
    return size > 1 and cause.pointer[:size] == finding.pointer[:size] and cause.rule != RESTART


def _is_meant(cause: Finding, finding: Finding) -> bool:
    """Return whether what is missing stands in the object under a key where nobody reads it."""
    if not cause.pointer or not isinstance(cause.pointer[-1], str):
        return False
    if HOLDERS & set(cause.pointer[-1:]) or (cause.parent is not None and "helm" in cause.pointer[:-1]):
        # The values as a whole: what is said of the release is said without them.
        return cause.pointer[: len(finding.pointer)] == finding.pointer and len(finding.pointer) > 0
    if cause.parent is None:
        return False
    return re.search(rf"[`.]{re.escape(cause.pointer[-1])}[`.:]", finding.message) is not None


def _promoted(kept: list[Finding], gone: list[Finding]) -> list[Finding]:
    """Return the findings with those on unlisted files as errors where what they explain is one."""
    if not any(one.severity is Severity.ERROR for one in gone):
        return kept
    folders = {one.absence for one in gone if one.severity is Severity.ERROR}
    return [
        replace(one, severity=Severity.ERROR)
        if one.rule == LEFT_OUT and any(_absent(other, {one.path}) for other in gone if other.absence in folders)
        else one
        for one in kept
    ]


def _beside(finding: Finding, spoken: set[tuple[str, str]], paths: set[str]) -> bool:
    """Return whether another rule speaks of the object, or of one of the files that it is compared with."""
    compared = {other.path for other in finding.related}
    return (finding.path, finding.subject) in spoken or finding.path in paths or bool(compared & paths)


def _shaded(finding: Finding, shaded: set[Place], errors: set[Place]) -> bool:
    place = (finding.path, finding.line, finding.column)
    if finding.rule.startswith(SCHEMA):
        return False
    return place in shaded or (finding.rule.startswith(AGAINST_ESTATE_FILE) and place in errors)


def _absent(finding: Finding, broken: set[str]) -> bool:
    folder = finding.absence
    return folder is not None and any(
        path == folder or path.startswith(f"{folder}/" if folder else "") for path in broken
    )
