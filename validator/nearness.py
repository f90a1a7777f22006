"""How near two names are: the distance behind every `did you mean`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=4096)
def distance(left: str, right: str) -> int:
    """Return the number of letters to insert, drop, change or swap with a neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(name: str, known: Iterable[str], limit: int | None = None) -> str | None:
    """Return the known name that `name` was probably meant to be; at most a third of its letters may differ."""
    if limit is None:
        limit = max(1, len(name) // 3)
    best = min(((distance(name.lower(), other.lower()), other) for other in sorted(known)), default=(limit + 1, ""))
    return best[1] if best[0] <= limit else None
