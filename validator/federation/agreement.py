"""Which of the clusters of a federation disagree with the others: the minority, in a draw those that differ from the leader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator

from validator.model import Federation, Release


def disagreements(
    federation: Federation, answers: Iterable[tuple[Release, Hashable]]
) -> Iterator[tuple[Release, Release]]:
    """Yield each release whose answer is not the common one, and a release that gives the common one."""
    known = list(answers)
    common = common_answer(federation, known)
    if common is None:
        return
    model, wanted = common
    for release, answer in known:
        if answer != wanted:
            yield release, model


def common_answer(federation: Federation, answers: list[tuple[Release, Hashable]]) -> tuple[Release, Hashable] | None:
    """Return the answer that most releases give, with the first that gives it; None where there is nothing to compare."""
    counts = Counter(answer for _, answer in answers)
    if len(counts) < 2:
        return None
    leaders = {id(release) for release in federation.leaders}
    top = max(counts.values())
    best = [(release, answer) for release, answer in answers if counts[answer] == top]
    return next((pair for pair in best if id(pair[0]) in leaders), best[0])
