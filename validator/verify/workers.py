"""A bounded number of threads that put questions; none of them can keep the command from ending."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from validator.verify.budget import Budget, Meter

Item = TypeVar("Item")
Result = TypeVar("Result")

COUNT = 24
GRACE = 0.5
"""Seconds after the end of all time in which a question that is under way may still end by itself."""


_NAME = "estate-verify"


def start(work: Callable[[], None]) -> threading.Thread:
    """Start a thread that does not keep the command from ending."""
    thread = threading.Thread(target=work, name=_NAME, daemon=True)
    thread.start()
    return thread


def hanging(seconds: float = GRACE) -> bool:
    """Return whether a thread is still in the middle of a question, some seconds after there was time for it.

    Python must not be ended as usual then: it would tear such a thread out of compiled code, which aborts the process.
    """
    threads = [thread for thread in threading.enumerate() if thread.name == _NAME]
    end = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))
    return any(thread.is_alive() for thread in threads)


class Workers:
    """Daemon threads behind one queue: whoever waits for them waits until the budget is spent, no longer."""

    def __init__(self, budget: Budget, meter: Meter, count: int = COUNT) -> None:
        self._budget = budget
        self._meter = meter
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._count = count
        for _ in range(count):
            start(self._work)

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            work()

    def close(self) -> None:
        """Let every thread end once it is free; none is waited for."""
        for _ in range(self._count):
            self._queue.put(None)

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result | None]:
        """Return the result of `work` for every item, in order; None where it did not end in time.

        An exception of `work` is raised here, that of the first item that has one.
        """
        batch = _Batch(work, items, self._meter)
        self._meter.expect(len(items))
        for number in range(len(items)):
            self._queue.put(lambda number=number: batch.do(number))  # type: ignore[misc]  # the default binds the loop's number
        return batch.results(self._budget)


class _Batch:
    def __init__(self, work: Callable[[Any], Any], items: Sequence[Any], meter: Meter) -> None:
        self._work = work
        self._items = items
        self._meter = meter
        self._results: list[Any] = [None] * len(items)
        self._errors: dict[int, Exception] = {}
        self._missing = len(items)
        self._changed = threading.Condition()

    def do(self, number: int) -> None:
        result, error = None, None
        try:
            result = self._work(self._items[number])
        except Exception as raised:  # noqa: BLE001  # raised again where the batch is waited for
            error = raised
        with self._changed:
            self._results[number] = result
            if error is not None:
                self._errors[number] = error
            self._missing -= 1
            self._changed.notify_all()
        self._meter.tick()

    def results(self, budget: Budget) -> list[Any]:
        with self._changed:
            while self._missing and self._changed.wait(budget.left() + GRACE):
                pass
            if self._errors:
                raise self._errors[min(self._errors)]
            return list(self._results)
