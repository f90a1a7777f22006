"""Two processes give what one gives, whatever happens to the second one."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from validator import parallel
from validator.parallel import MOST, Aside, Shared
from validator.read.files import SourceFile
from validator.read.reading import WORTH_A_FORK, contents_of

ITEMS = list(range(300))
pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux forks"),
    # A runner of tests may have threads of its own; the children here touch nothing of theirs.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


@pytest.fixture(autouse=True)
def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let this process fork, whatever runs the tests, and return the children that it makes."""
    made: list[int] = []
    fork = os.fork

    def counted() -> int:
        child = fork()
        if child:
            made.append(child)
        return child

    monkeypatch.setattr(parallel, "_can_fork", lambda: True)
    monkeypatch.setattr(os, "fork", counted)
    return made


def keep(result: object) -> object:
    """Keep a result as it is."""
    return result


def is_gone(child: int) -> bool:
    """Return whether a child has ended and was waited for."""
    try:
        os.waitpid(child, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_results_come_in_the_order_of_the_items_and_from_two_processes() -> None:
    def work(item: int) -> tuple[int, int]:
        time.sleep(0.002)  # long enough that neither process has taken all before the other one starts
        return item * item, os.getpid()

    found = Shared(work, ITEMS, lambda result: result, pays=True).results()
    assert [result for result, _ in found] == [item * item for item in ITEMS]
    assert len({process for _, process in found}) == 2


def test_the_child_begins_at_once_and_this_process_when_it_asks() -> None:
    def work(item: int) -> int:
        time.sleep(0.002)
        return os.getpid()

    shared = Shared(work, ITEMS[:100], keep, pays=True)
    time.sleep(1)  # long enough that the child has taken all
    assert os.getpid() not in shared.results()


def test_what_the_child_has_done_is_taken_in_while_it_goes_on() -> None:
    """Results are kept in this process, those of the child as soon as they are there, however long they are."""
    here, kept = os.getpid(), []

    def work(item: int) -> tuple[int, bytes]:
        time.sleep(0.002)
        return os.getpid(), b"." * 50_000

    def count(result: tuple[int, bytes]) -> int:
        assert os.getpid() == here
        kept.append(result[0])
        return len(result[1])

    assert Shared(work, ITEMS, count, pays=True).results() == [50_000] * len(ITEMS)
    assert kept.index(here) < len(kept) - 1 - kept[::-1].index(here)  # not one after the other
    others = [number for number, process in enumerate(kept) if process != here]
    assert others[0] < len(kept) - 1 - kept[::-1].index(here)


def test_work_that_nobody_waits_for_is_ended(children: list[int]) -> None:
    start = time.monotonic()
    shared = Shared(time.sleep, [60, 60], keep, pays=True)
    shared.end()
    shared.end()
    assert time.monotonic() - start < 30
    assert [is_gone(child) for child in children] == [True]


@pytest.mark.parametrize("count", [0, 1, MOST + 1])
def test_few_and_very_many_items_are_done_here(count: int, children: list[int]) -> None:
    assert Shared(str, range(count), keep, pays=True).results() == [str(item) for item in range(count)]
    assert children == []


def test_nothing_is_forked_where_it_does_not_pay(children: list[int]) -> None:
    assert Shared(str, ITEMS, keep, pays=False).results() == [str(item) for item in ITEMS]
    assert children == []


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def broken() -> None:
    raise ValueError("only in the child")


def unpicklable() -> Callable[[], None]:
    return lambda: None


@pytest.mark.parametrize("fate", [killed, broken, unpicklable], ids=lambda fate: str(fate.__name__))
def test_what_a_child_that_fails_has_taken_is_done_here(fate: Callable[[], object]) -> None:
    here = os.getpid()

    def work(item: int) -> object:
        time.sleep(0.002)
        return item if os.getpid() == here else fate()

    assert Shared(work, ITEMS, keep, pays=True).results() == ITEMS


def test_an_error_of_this_process_ends_the_child(children: list[int]) -> None:
    here = os.getpid()

    def work(item: int) -> int:
        if os.getpid() == here:
            raise LookupError(item)
        time.sleep(60)
        return item

    start = time.monotonic()
    with pytest.raises(LookupError):
        Shared(work, ITEMS, keep, pays=True).results()
    assert time.monotonic() - start < 30
    assert [is_gone(child) for child in children] == [True]


def test_results_of_work_aside_come_one_by_one() -> None:
    aside = Aside([lambda: "first", os.getpid, lambda: {"third": [3]}])
    assert aside.result() == "first"
    assert aside.result() != os.getpid()
    assert aside.result() == {"third": [3]}
    assert aside.result() is None
    aside.end()


@pytest.mark.parametrize("fate", [killed, broken, unpicklable], ids=lambda fate: str(fate.__name__))
def test_work_aside_that_fails_has_no_result(fate: Callable[[], object]) -> None:
    aside = Aside([lambda: 1, fate, lambda: 3])
    assert [aside.result() for _ in range(3)] == [1, None, None]
    aside.end()


def test_work_aside_is_ended_without_waiting_for_it(children: list[int]) -> None:
    start = time.monotonic()
    aside = Aside([lambda: time.sleep(60)])
    aside.end()
    aside.end()
    assert time.monotonic() - start < 30
    assert [is_gone(child) for child in children] == [True]


def test_without_a_second_process_there_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_can_fork", lambda: False)
    aside = Aside([lambda: 1])
    assert aside.result() is None
    aside.end()


def test_documents_are_the_same_from_one_process_and_from_two(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [SourceFile(f"a/{number}.yaml", text(number)) for number in range(WORTH_A_FORK)]
    apart = contents_of(files)
    monkeypatch.setattr(parallel, "_can_fork", lambda: False)
    alone = contents_of(files)
    fields = ("path", "index", "line_offset", "data", "value", "ambiguous", "whole", "kind", "group")
    for one, other in zip(apart.documents, alone.documents, strict=True):
        assert [getattr(one, field) for field in fields] == [getattr(other, field) for field in fields]
    assert apart.unreadable == alone.unreadable != []


def text(number: int) -> bytes:
    """Return a file of each sort: plain, of several documents, ambiguous, with directives, broken, not text."""
    plain = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: n{number % 7}}}\n"
    sorts = (
        plain,
        f"# first\n---\n{plain}---\n{plain}x: 1\n",
        f"{plain}x: on\n",
        f"%YAML 1.1\n---\n{plain}...\n---\nb: [1, 2.5, null, 9999999999999999999]\n",
        f"{plain}kind: [\n",
        "<<<<<<< here\na: 1\n=======\na: 2\n>>>>>>> there\n",
        "a: {{ b }}\n",
        "",
    )
    return b"\xff" if number % 50 == 49 else sorts[number % len(sorts)].encode()


def test_a_ticket_of_every_item_fits_into_a_pipe() -> None:
    assert Shared(abs, range(MOST), keep, pays=True).results() == list(range(MOST))
