"""Use a second core: a forked child takes every other piece of work or so, and its results come back through a pipe.

The result is the same as without: results are put in the order of the work, and what a child that fails in any way has
taken is done here once more.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_TICKET = b"."
MOST = 0x4000
"""Pieces of work at most: all tickets must fit into a pipe, into which they are put before anyone reads."""


class Shared(Generic[Item, Result]):
    """Work that two processes share: a forked child begins at once, this one takes its part when it asks for the results.

    They take the items from both ends until they meet, so that neither waits for long, however dear an item is and
    however busy a core, and an item finds what those before it have found out.
    """

    def __init__(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        pays: bool,
        dumps: Callable[[Any], bytes] = pickle.dumps,
        loads: Callable[[bytes], Any] = pickle.loads,
    ) -> None:
        """Begin, where it `pays` to have a child; `dumps` and `loads` carry its results, a mapping."""
        self._work, self._items, self._loads = work, items, loads
        self._child = 0
        if not pays or not 1 < len(items) <= MOST or not _can_fork():
            return
        self._tickets, desk = os.pipe()
        os.write(desk, _TICKET * len(items))
        os.close(desk)
        self._reader, writer = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(self._reader)
            _answer([lambda: dumps(self._part(reversed(range(len(items)))))], writer)
        os.close(writer)

    def results(self) -> list[Result]:
        """Return the results of the work for each of the items, in their order; what the child failed in is done here."""
        if not self._child:
            return [self._work(item) for item in self._items]
        try:
            found = self._part(range(len(self._items)))
            with os.fdopen(self._reader, "rb", closefd=False) as pipe:
                answer = pipe.read()
        except BaseException:
            self.end()
            raise
        if self._close() == 0 and answer:
            found.update(self._loads(answer))
        return [found[number] if number in found else self._work(item) for number, item in enumerate(self._items)]

    def end(self) -> None:
        """End the child, where it has not ended, whether anybody waited for it or not."""
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            self._close()

    def _part(self, order: Iterable[int]) -> dict[int, Result]:
        """Do as much of the work as there are tickets for, of which each is for one item."""
        found = {}
        for number in order:
            if not os.read(self._tickets, len(_TICKET)):
                break
            found[number] = self._work(self._items[number])
        return found

    def _close(self) -> int:
        """Wait for the child and return its status."""
        child, self._child = self._child, 0
        os.close(self._reader)
        os.close(self._tickets)
        return os.waitpid(child, 0)[1]


class Aside:
    """Work that a forked child does while this process goes on; its results come one by one."""

    def __init__(self, parts: Sequence[Callable[[], object]]) -> None:
        """Start the work where a child can be had; without one, no result ever comes."""
        self._child = 0
        if not _can_fork():
            return
        reader, writer = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(reader)
            _answer((partial(_pickled, part) for part in parts), writer)
        os.close(writer)
        self._pipe = os.fdopen(reader, "rb")

    def result(self) -> Any:
        """Wait for the next result and return it; None where the child failed, or there is none."""
        try:
            return pickle.load(self._pipe) if self._child else None  # noqa: S301  # written by our own child
        except (EOFError, pickle.UnpicklingError):
            return None

    def end(self) -> None:
        """End the child, whether anybody waited for it or not."""
        if self._child:
            self._pipe.close()
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0


def _can_fork() -> bool:
    return sys.platform.startswith("linux") and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


def _pickled(part: Callable[[], object]) -> bytes:
    return pickle.dumps(part(), protocol=pickle.HIGHEST_PROTOCOL)


def _answer(parts: Iterable[Callable[[], bytes]], writer: int) -> None:
    """Do the work of the child and end it, whatever happens, without running anything of the parent's."""
    status = 1
    try:
        with os.fdopen(writer, "wb") as pipe:
            for part in parts:
                pipe.write(part())
                pipe.flush()
        status = 0
    except BaseException:  # noqa: BLE001  # the parent does this part again and meets the same error itself
        status = 1
    finally:
        os._exit(status)
