"""Use a second core: a forked child takes every other piece of work or so, and its results come back through a pipe.

The result is the same as without: results are put in the order of the work, and what a child that fails in any way has
taken is done here once more.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Kept = TypeVar("Kept")

_TICKET = b"."
_PLACE = struct.Struct("=IQ")
"""Number of an item and bytes of its result; so few are written to a pipe at once, or not at all."""
MOST = 0x4000
"""Pieces of work at most: all tickets must fit into a pipe, into which they are put before anyone reads."""


class Shared(Generic[Item, Result, Kept]):
    """Work that two processes share: a forked child begins at once, this one takes its part when it asks for the results.

    They take the items from both ends until they meet, so that neither waits for long, however dear an item is and
    however busy a core, and an item finds what those before it have found out. This process takes in what the child
    has done whenever something is ready.
    """

    def __init__(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        keep: Callable[[Result], Kept],
        *,
        pays: bool,
        pack: Callable[[Result], bytes] = pickle.dumps,
        unpack: Callable[[bytes], Result] = pickle.loads,
    ) -> None:
        """Begin, where it `pays` to have a child.

        `keep` makes of a result what is wanted of it, in this process alone; `pack` and `unpack` carry a result of the
        child to it, one after the other.
        """
        self._work, self._items, self._keep, self._unpack = work, items, keep, unpack
        self._child = 0
        if not pays or not 1 < len(items) <= MOST or not _can_fork():
            return
        self._tickets, desk = os.pipe()
        os.write(desk, _TICKET * len(items))
        os.close(desk)
        self._reader, writer = os.pipe()
        self._memory, self._taken = os.memfd_create("results"), 0
        self._child = os.fork()
        if self._child == 0:
            os.close(self._reader)
            _answer((self._packed(number, pack) for number in self._numbers(reversed(range(len(items))))), writer)
        os.close(writer)

    def results(self) -> list[Kept]:
        """Return what was kept of each item, in their order; what the child failed in is done here."""
        found: dict[int, Kept] = {}
        if self._child:
            try:
                for number in self._numbers(range(len(self._items))):
                    found[number] = self._keep(self._work(self._items[number]))
                    self._collect(found, wait=False)
                self._collect(found, wait=True)
            finally:
                self.end()
        for number, item in enumerate(self._items):
            if number not in found:
                found[number] = self._keep(self._work(item))
        return [found[number] for number in range(len(self._items))]

    def end(self) -> None:
        """End the child, whether anybody waited for it or not."""
        if self._child:
            child, self._child = self._child, 0
            for descriptor in (self._reader, self._tickets, self._memory):
                os.close(descriptor)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _numbers(self, order: Iterable[int]) -> Iterator[int]:
        """Yield the numbers of the items that this process does: as many as it gets tickets for, of which each is for one."""
        for number in order:
            if not os.read(self._tickets, len(_TICKET)):
                return
            yield number

    def _packed(self, number: int, pack: Callable[[Result], bytes]) -> bytes:
        """Do an item, put its result into memory that both see, and return what tells where it is."""
        data = pack(self._work(self._items[number]))
        _write(self._memory, data)
        return _PLACE.pack(number, len(data))

    def _collect(self, found: dict[int, Kept], *, wait: bool) -> None:
        """Take in what the child has done: what is ready, or all until it ends."""
        os.set_blocking(self._reader, wait)
        with contextlib.suppress(BlockingIOError):
            while len(place := os.read(self._reader, _PLACE.size)) == _PLACE.size:
                number, size = _PLACE.unpack(place)
                data = os.pread(self._memory, size, self._taken)
                self._taken += size
                found[number] = self._keep(self._unpack(data))


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
            _answer(map(_pickled, parts), writer)
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
    able = sys.platform.startswith("linux") and hasattr(os, "memfd_create")
    return able and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


def _pickled(part: Callable[[], object]) -> bytes:
    return pickle.dumps(part(), protocol=pickle.HIGHEST_PROTOCOL)


def _answer(parts: Iterable[bytes], writer: int) -> None:
    """Do the work of the child and end it, whatever happens, without running anything of the parent's."""
    status = 1
    try:
        for part in parts:
            _write(writer, part)
        status = 0
    except BaseException:  # noqa: BLE001  # the parent does this part again and meets the same error itself
        status = 1
    finally:
        os._exit(status)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
