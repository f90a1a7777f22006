"""Write values as YAML that every reader reads alike, for the template's `yaml` filter.

Block style, keys in the order given, strings quoted wherever a reader could take them for anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from validator.read.scalars import ambiguity, resolve

_PLAIN = re.compile(r"[A-Za-z0-9_./](?:[A-Za-z0-9_./@+=,:~^()$-]| (?! |$))*(?<!:)", re.ASCII)


def yaml_text(value: Any, indent: int = 0) -> str:
    """Return `value` as YAML: a list or mapping as lines indented by `indent`, anything else for behind a key.

    A text of several lines becomes a literal block indented by `indent`.
    """
    if isinstance(value, dict | list):
        return "\n".join(f"{' ' * indent}{line}" if line else "" for line in _lines(value))
    return _scalar(value, indent)


def _lines(value: Any) -> Iterator[str]:
    if not value:
        yield "{}" if isinstance(value, dict) else "[]"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _entry(f"{_inline(str(key))}:", item)
    else:
        for item in value:
            if isinstance(item, dict | list) and item:
                first, *rest = _lines(item)
                yield f"- {first}"
                yield from (f"  {line}" if line else "" for line in rest)
            else:
                yield from _entry("-", item)


def _entry(head: str, item: Any) -> Iterator[str]:
    if isinstance(item, dict | list):
        lines = _lines(item)
        if not item:
            yield f"{head} {next(lines)}"
            return
        yield head
        yield from (f"  {line}" if line else "" for line in lines)
    else:
        yield from f"{head} {_scalar(item, 2)}".split("\n")


def _scalar(value: Any, indent: int) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text if "." in text else f"{text}.0"
    text = str(value)
    if "\n" in text and _is_block(text):
        pad = " " * indent
        lines = text.removesuffix("\n").split("\n")
        return f"|{'' if text.endswith(chr(10)) else '-'}\n" + "\n".join(
            f"{pad}{line}" if line else "" for line in lines
        )
    return _inline(text)


def _inline(text: str) -> str:
    if _PLAIN.fullmatch(text) and ": " not in text and isinstance(resolve(text), str) and ambiguity(text) is None:
        return text
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    if text.isprintable() and "'" not in text:
        return f"'{text}'"
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return "\\n" if character == "\n" else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_block(text: str) -> bool:
    """Return whether a literal block gives back exactly this text."""
    lines = text.removesuffix("\n").split("\n")
    printable = all(line.isascii() and line.isprintable() and line == line.rstrip() for line in lines)
    return printable and bool(lines[0]) and lines[0][0] != " " and bool(lines[-1])
