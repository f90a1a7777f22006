"""Secrets in an estate file: found by the name of a key or the form of a value, never shown."""

from __future__ import annotations

import marshal
import math
import re
from collections.abc import Iterator
from typing import Any

from validator.estate_file.checks.view import View
from validator.estate_file.flaw import Flaw, Pointer, label, shown

_SECRET_VALUE_KEY = re.compile(r"pass(word|wd|phrase)?$|^pwd$|token$|credentials$|private_?key(data)?$", re.IGNORECASE)
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_PRIVATE_KEY = re.compile(r"AGE-SECRET-KEY-|BEGIN [A-Z ]*PRIVATE KEY")


def private_keys(view: View) -> Iterator[Flaw]:
    """Find private keys anywhere."""
    text = marshal.dumps(view.root.data)  # all texts as they are, in a quarter of the time of JSON
    if not any(mark in text for mark in (b"AGE-SECRET-KEY-", b"PRIVATE KEY")):
        return  # as in most files; places are made for the others alone
    for value, at in _leaves(view.root.data, ()):
        if isinstance(value, str) and _PRIVATE_KEY.search(value):
            yield Flaw(
                at, f"`{label(at)}` holds a private key", "only public keys belong here; this one counts as lost"
            )


def chart_values(view: View) -> Iterator[Flaw]:
    """Find credentials and numbers that JSON cannot hold in the free values of the AKO chart and of the apps' charts."""
    blocks = [cluster.block("ako", "values") for cluster in view.clusters]
    blocks += [app.block("source", "chart", "values") for app in view.apps]
    for values in blocks:
        told: set[Pointer] = set()
        for value, at in _leaves(values.data, values.at):
            depth = next((n for n in range(len(values.at), len(at)) if _names_a_secret(at[n])), None)
            if depth is not None and value not in (None, "", False, True):
                place = at[: depth + 1]
                if place not in told:
                    told.add(place)
                    hint = "credentials come from the secrets backend: leave them out of the chart's values"
                    yield Flaw(place, f"{shown(place[-1])} in `{label(values.at)}` looks like a secret", hint, key=True)
            elif isinstance(value, float) and not math.isfinite(value):
                yield Flaw(at, f"`{label(at)}` is not a number that JSON can hold", "quote it if it is meant as text")


def age_recipients(view: View) -> Iterator[Flaw]:
    """Find age public keys with a typing mistake, by their checksum (BIP 173, Bech32)."""
    for recipient, at in view.root.block("secrets", "sops").listed("age"):
        if not _is_bech32(recipient):
            yield Flaw(at, f"`{label(at)}` has a wrong checksum: a character of it is not right", "copy the key again")


CHECKS = (private_keys, chart_values, age_recipients)


def _is_bech32(text: str) -> bool:
    prefix, _, data = text.rpartition("1")
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [_BECH32.find(c) for c in data]
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum == 1


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
