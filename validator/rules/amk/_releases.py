"""The AKO releases that an AMKO takes members from."""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import ako, amko, version
from validator.federation.agreement import common_answer
from validator.model import Estate, Federation, Release
from validator.rules.amk._tenancy import member_clusters


def is_known(release: Release) -> bool:
    """Return whether a release has one version, and none that never was, which another rule tells."""
    facts = {"ako": ako, "amko": amko}[release.chart]
    if not release.version:
        return False
    return facts.known(release.version) or version.compare(release.version, facts.releases()[-1]) != -1


def member_releases(estate: Estate, federation: Federation) -> Iterator[tuple[Release, str, Release]]:
    """Yield an AMKO, the version that the AMKOs of the federation have, and each AKO release of its member clusters."""
    answers = [(release, release.version) for release in federation.releases if is_known(release)]
    if not answers:
        return
    common = common_answer(federation, list(answers)) or answers[0]
    model, text = common
    for cluster in member_clusters(estate, federation):
        for release in filter(is_known, cluster.ako):
            yield model, str(text), release
