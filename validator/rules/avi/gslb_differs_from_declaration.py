"""The GSLB configuration is another one than the estate file makes.

What it finds:
    A value of `avi/gslb.json` that is not what `estate.yaml` makes of it: an address, a domain, a site, a size, the
    order of the sites. Nothing is said while the estate file has problems of its own.

Why it matters:
    The controllers are configured from this file, the clusters and the delegation from the estate file: AMKO then
    sends its services to another leader, AKO names hosts that GSLB does not serve, or the parent zone delegates to
    addresses where nobody answers. The next rendering puts the old value back.
    Source: this repository's estate file; alb-sdk 22.1.2 for the words of the file.

Bad:
    # estate.yaml
    avi: {dns: {address: 192.0.2.53}}
    # avi/gslb.json
    "ip_address": {"addr": "192.0.2.54", "type": "V4"}

Good:
    "ip_address": {"addr": "192.0.2.53", "type": "V4"}

Fix:
    Change the estate file, and render the repository from it.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from itertools import islice
from typing import Any

from validator.estate_file.flaw import shown
from validator.estate_file.gslb_configuration import configuration
from validator.finding import Problem, Severity
from validator.model import Declared, Estate
from validator.read.exact import Pointer
from validator.read.gslb import GslbConfiguration
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.avi._declaration import MOST, Difference, differences, origin

_NO_REFERENCES = 2
"""The form in which what stands twice is written twice."""


@rule("AVI121", Severity.ERROR, sources=("EST", "alb-sdk 22.1.2"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = estate.declared
    if declared is None or estate.declared_problems:
        return
    for found in estate.gslb:
        if found.is_data:
            wanted = configuration(declared.resolved)
            given = found.gslb.document.value
            if _alike(given, wanted):
                continue
            for difference in islice(differences(given, wanted), MOST):
                yield _problem(difference, found, wanted, declared)


def _alike(given: Any, wanted: Any) -> bool:
    """Return whether two values are the same in every type and order, which is soon seen."""
    if given != wanted:
        return False
    try:
        # Of plain values that are equal, this form tells 1 from 1.0 and from true; it is made in a quarter of JSON's time.
        return marshal.dumps(given, _NO_REFERENCES) == marshal.dumps(wanted, _NO_REFERENCES)
    except ValueError:
        return False


def _problem(difference: Difference, found: GslbConfiguration, wanted: Any, declared: Declared) -> Problem:
    said = origin(difference.path, wanted, declared.resolved)
    by_default = dig(declared.data, said) is None
    place = declared.at(*_there(said, declared.data))
    document = found.gslb.document
    at = document.ref(*difference.pointer)
    if difference.given is None:
        value = "" if isinstance(difference.wanted, dict | list) else f" {shown(difference.wanted)}"
        text = f"{difference.title} is missing, the estate file makes{value or ' it'}"
    elif difference.wanted is None:
        text = f"{difference.title} is nothing that the estate file makes"
    else:
        text = f"{difference.title} is {_value(difference.given)}, the estate file makes {_value(difference.wanted)}"
    note = "the default of the estate file, as nothing else is declared here" if by_default else "declared here"
    return Problem(at, text, ((place, note),))


def _there(pointer: Pointer, data: Any) -> Pointer:
    """Return as much of a place as the file itself has."""
    while pointer and dig(data, pointer) is None:
        pointer = pointer[:-1]
    return pointer


def _value(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return shown(value)
