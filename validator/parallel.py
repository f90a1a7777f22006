"""Use a second core: half of the work is done by a forked child, whose result comes back through a pipe.

The result is the same as without: the halves are put together in order, and a child that fails in any way is
replaced by doing its half here.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def halves(
    work: Callable[[Sequence[Item]], Result], items: Sequence[Item], *, least: int, cut: float = 0.5
) -> list[Result]:
    """Return the results of `work` for the first and the last part of `items`, or for all where that is not worth it."""
    if len(items) < least or not _can_fork():
        return [work(items)]
    middle = int(len(items) * cut)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(lambda: work(items[middle:]), reader, writer)
    os.close(writer)
    first = work(items[:middle])
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if status != 0 or not answer:
        return [first, work(items[middle:])]
    second: Result = pickle.loads(answer)  # noqa: S301  # written by our own child
    return [first, second]


def _can_fork() -> bool:
    return sys.platform.startswith("linux") and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


def _answer(work: Callable[[], Result], reader: int, writer: int) -> None:
    """Do the work of the child and end it, whatever happens, without running anything of the parent's."""
    status = 1
    try:
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(pickle.dumps(work(), protocol=pickle.HIGHEST_PROTOCOL))
        status = 0
    except BaseException:  # noqa: BLE001  # the parent does this half again and meets the same error itself
        status = 1
    finally:
        os._exit(status)
