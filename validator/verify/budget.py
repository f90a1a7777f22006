"""How long everything may take, and what was asked within it."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Meter(Protocol):
    """What shows the progress of the questions."""

    def expect(self, count: int) -> None:
        """Take note of questions to come."""

    def tick(self) -> None:
        """Take note of one question that is done."""


class Budget:
    """Seconds for one question and for all of them, and a count of the questions; safe to share between threads."""

    def __init__(self, each: float, total: float) -> None:
        self.each = each
        self.total = total
        self._end = time.monotonic() + total
        self._lock = threading.Lock()
        self._asked = 0
        self._answered = 0
        self._left_out = 0

    def left(self) -> float:
        """Return the seconds left for everything, 0 when there are none."""
        return max(self._end - time.monotonic(), 0.0)

    def turn(self) -> float:
        """Return the seconds that the next question may wait for its answer, 0 when there are none."""
        return min(self.each, self.left())

    def count(self, *, answered: bool) -> None:
        """Count a question that was put."""
        with self._lock:
            self._asked += 1
            self._answered += answered

    def leave_out(self, count: int = 1) -> None:
        """Count questions for which no time was left."""
        with self._lock:
            self._left_out += count

    def counts(self) -> tuple[int, int, int]:
        """Return the questions put, those answered, and those for which no time was left."""
        with self._lock:
            return self._asked, self._answered, self._left_out
