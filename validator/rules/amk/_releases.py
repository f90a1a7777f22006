"""The AKO releases that an AMKO takes members from."""

from __future__ import annotations

from collections.abc import Iterator

from validator.agreement import common_answer
from validator.model import Estate, Federation, Release
from validator.rules.amk._tenancy import member_clusters


def member_releases(estate: Estate, federation: Federation) -> Iterator[tuple[Release, str, Release]]:
    """Yield an AMKO, the version that the AMKOs of the federation have, and each AKO release of its member clusters."""
    answers = [(release, release.version) for release in federation.releases if release.version is not None]
    if not answers:
        return
    common = common_answer(federation, list(answers)) or answers[0]
    model, text = common
    for cluster in member_clusters(estate, federation):
        for release in cluster.ako:
            yield model, str(text), release
