"""Rules that look at nothing but the text of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from validator.finding import Problem
from validator.model import Estate
from validator.read.documents import Document


def judged(
    estate: Estate, judge: Callable[[Document], Iterator[Problem]], may: Callable[[Document], bool]
) -> Iterator[Problem]:
    """Yield what is found in each document, none of which is looked at where each text, seen once, is sound.

    `may` tells soon that nothing can be found in a document.
    """
    if any(may(one) and any(judge(one)) for one in estate.distinct):
        for document in estate.documents:
            yield from judge(document)
