"""Secrets in an estate file: found by the name of a key or the form of a value, never shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from validator.estate_checks.view import View
from validator.estate_schema import Flaw, Pointer, label

_SECRET_VALUE_KEY = re.compile(r"pass(word|wd|phrase)?$|^pwd$|token$|credentials$|private_?key(data)?$", re.IGNORECASE)
_PRIVATE_KEY = re.compile(r"AGE-SECRET-KEY-|BEGIN [A-Z ]*PRIVATE KEY")


def private_keys(view: View) -> Iterator[Flaw]:
    """Find private keys anywhere."""
    for value, at in _leaves(view.root.data, ()):
        if isinstance(value, str) and _PRIVATE_KEY.search(value):
            yield Flaw(at, f"`{label(at)}` holds a private key", "only public keys belong here; this one counts as lost")


def chart_values(view: View) -> Iterator[Flaw]:
    """Find credentials and numbers that JSON cannot hold in the free values of the AKO chart."""
    for cluster in view.clusters:
        values = cluster.block("ako", "values")
        for value, at in _leaves(values.data, values.at):
            secret = next((step for step in at[len(values.at) :] if _names_a_secret(step)), None)
            if secret is not None and value not in (None, "", False, True):
                hint = "credentials come from the secrets backend: leave them out of the chart's values"
                yield Flaw(at, f"`{secret}` in `{label(values.at)}` looks like a secret", hint, key=True)
            elif isinstance(value, float) and not math.isfinite(value):
                yield Flaw(at, f"`{label(at)}` is not a number that JSON can hold", "quote it if it is meant as text")


CHECKS = (private_keys, chart_values)


def _names_a_secret(step: str | int) -> bool:
    return isinstance(step, str) and _SECRET_VALUE_KEY.search(step) is not None


def _leaves(value: Any, at: Pointer) -> Iterator[tuple[Any, Pointer]]:
    stack = [(value, at)]
    while stack:
        item, here = stack.pop()
        if isinstance(item, dict):
            stack.extend((inner, (*here, key)) for key, inner in item.items())
        elif isinstance(item, list):
            stack.extend((inner, (*here, index)) for index, inner in enumerate(item))
        else:
            yield item, here
