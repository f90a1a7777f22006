"""Faults as people make them, in the text of a golden estate: the right rule tells each in the file where it is, at its lines."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutation.estates import GOLDEN
from validator.options import Options
from validator.runner import run

AROUND = 1
"""Lines before and behind the change at which a finding still is at the fault."""
RESTART = "AKO126"
"""Chart values were changed by hand, and the checksum was not: true of every such fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    estate: str
    path: str
    old: str
    new: str
    rule: str
    times: int = 1


FAULTS = [Fault(**item) for item in tomllib.loads(Path(__file__).with_name("by_hand.toml").read_text("utf-8"))["fault"]]


def _lines(text: str, fault: Fault) -> range:
    """Return the lines of the first change."""
    first = text[: text.index(fault.old)].count("\n") + 1
    return range(first - AROUND, first + max(fault.old.count("\n"), fault.new.count("\n")) + 1 + AROUND)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}-{fault.path.rpartition('/')[2]}")
def test_fault_is_told(fault: Fault) -> None:
    root = GOLDEN / fault.estate
    text = (root / fault.path).read_text("utf-8")
    assert fault.old in text
    changed = text.replace(fault.old, fault.new, fault.times)
    found = run(root, Options(kubeconform="off"), texts={fault.path: changed.encode()}).findings
    told = [one for one in found if one.rule == fault.rule]
    assert told, [f"{one.rule} {one.path}:{one.line} {one.message}" for one in found]
    places = [one.line for one in told if one.path == fault.path]
    assert set(places) & set(_lines(text, fault)) or fault.new == "", places
    assert {one.rule for one in found} <= {fault.rule, RESTART, "GIT120"}
