"""Questions that several rules ask of an estate or of a cluster: each is answered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar


class Asked(Protocol):
    """What keeps the answers about itself."""

    answers: dict[Any, Any]


Subject = TypeVar("Subject", bound=Asked)
Answer = TypeVar("Answer")


def once(question: Callable[[Subject], Answer]) -> Callable[[Subject], Answer]:
    """Let a question be answered when it is first asked; the answer is shared and must not be changed."""

    @wraps(question)
    def answer(subject: Subject) -> Answer:
        answers = subject.answers
        if question not in answers:
            answers[question] = question(subject)
        found: Answer = answers[question]
        return found

    return answer
