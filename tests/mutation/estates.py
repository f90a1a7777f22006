"""The golden estates under single faults: which faults are made, and what the validator says of each."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutation.faults import KIND_OF, Fault, faults
from validator.filters import precedence
from validator.finding import Finding
from validator.options import Options
from validator.read.documents import Document
from validator.read.estate import assemble
from validator.read.files import yaml_files
from validator.read.reading import Contents, contents_of
from validator.runner import check

GOLDEN = Path(__file__).parents[1] / "golden"


@dataclass(frozen=True, slots=True)
class Sample:
    """One golden estate, the folder that is broken beside the estate file, and how many faults stand for all."""

    estate: str
    folder: str
    one_in: int


SAMPLES = (
    Sample("lab", "sites/site02/", 2),
    Sample("argocd", "sites/bergen/", 2),
    Sample("three-sites", "sites/madrid/", 3),
)
"""Both engines, three ways to keep secrets, two and three sites."""


@cache
def documents(estate: str) -> tuple[Document, ...]:
    """Return the documents of a golden estate."""
    found = contents_of(yaml_files(GOLDEN / estate))
    assert not found.unreadable, found.unreadable
    return tuple(found.documents)


def every_fault(sample: Sample) -> Iterator[Fault]:
    """Yield every fault in the folder of a sample, in the estate file, and in the data of the controllers."""
    for fault in faults(list(documents(sample.estate))):
        if fault.document.path.startswith((sample.folder, "dns/")) or fault.document.path in KIND_OF:
            yield fault


def chosen(sample: Sample, fault: Fault) -> bool:
    """Return whether a fault stands for its like in the suite, which must not take minutes; by its name, not by chance."""
    return zlib.crc32(fault.name.encode()) % sample.one_in == 0


def findings(sample: Sample, fault: Fault | None = None) -> list[Finding]:
    """Return what the validator says of a golden estate with a fault."""
    whole = list(documents(sample.estate))
    estate = assemble(Contents(fault.documents(whole) if fault else whole), str(GOLDEN / sample.estate))
    return precedence.told_once(list(check(estate, Options(kubeconform="off"))))
