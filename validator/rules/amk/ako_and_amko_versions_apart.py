"""AKO and AMKO are not of one release.

What it finds:
    A member cluster whose AKO has another minor version than the AMKO of the federation, such as AKO 1.12 with AMKO 1.13.

Why it matters:
    Each AMKO is made for and tested with the AKO of the same minor version: it reads annotations and HostRules that this AKO writes.
    Other pairs are not supported, and known to lose members in some steps (1.11.1, 1.13.1).
    Source: AMKO README.md, compatibility table of each release branch.

Bad:
    # AMKO 1.13.1
    chart: {spec: {chart: ako, version: 1.12.3}}

Good:
    # AMKO 1.13.1
    chart: {spec: {chart: ako, version: 1.13.4}}

Fix:
    Upgrade AKO in all member clusters first, then AMKO, within one change window; with `--base`, the change that takes up
    AKO is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import amko, version
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.amk import member_ako_too_old
from validator.rules.amk._releases import member_releases


@rule("AMK309", Severity.WARNING, sources=("AMKO-VER-02",))
def check(estate: Estate) -> Iterator[Problem]:
    told = {(id(problem.at.document), problem.at.pointer) for problem in member_ako_too_old.check(estate)}
    raised = estate.past.raised("ako") if estate.past else {}
    declared = dig(estate.declared.resolved, ("versions",)) if estate.declared else None
    for federation in estate.federations:
        for model, text, release in member_releases(estate, federation):
            if release.version is None or amko.pairs(text, release.version) is not False:
                continue
            if (id(release.version_at.document), release.version_at.pointer) in told:
                continue
            if id(release) in raised and amko.pairs(text, raised[id(release)]):
                continue  # AKO goes first when both are upgraded
            said = declared.get("ako") if isinstance(declared, dict) and release.cluster.declared else None
            if isinstance(said, str) and version.compare(release.version, said) != 0:
                continue  # not the declared version: that is told where the estate file is compared
            yield Problem(
                release.version_at,
                f"AKO of cluster `{release.cluster.name}` is {release.version}, AMKO is {text}; they are made for each other only "
                f"within one minor version, AMKO {text} wants AKO {version.minor(text)}",
                related=((model.version_at, f"AMKO {text} in `{model.cluster.name}`"),),
            )
