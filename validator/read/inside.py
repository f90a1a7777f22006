"""Places inside a block of text: a values document or a kubeconfig that stands as `key: |` in another document.

Only literal blocks keep their lines; folded and quoted text can be pointed at as a whole only. What a template engine fills
in later is hidden from YAML by characters of no meaning, so that all lines and columns stay.
Source: YAML 1.2, 8.1.2 Literal Style.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.errors import InputError
from validator.read import exact
from validator.read.exact import Pointer

if TYPE_CHECKING:
    from validator.read.documents import Document

HIDDEN = "\ue000"
"""Stands for each character of what a template engine fills in."""
_ACTION = re.compile(r"\{\{.*?\}\}")
_CONTROL = re.compile(r"\{\{-?\s*(?:if|else|end|range|with|define|block|template|include)\b|\{\{-|-\}\}")
_HEADER = re.compile(r"\|[-+]?[1-9]?[-+]?\s*(?:#.*)?$")


def hidden(text: str) -> str | None:
    """Return text with its template actions hidden, None where they decide which lines there are."""
    if "{{" not in text:
        return text
    return None if _CONTROL.search(text) else _ACTION.sub(lambda found: HIDDEN * len(found[0]), text)


def locate(document: Document, pointer: Pointer, inside: Pointer, *, key: bool) -> tuple[int, int]:
    """Return line and column of a place in the text at `pointer`, of the text itself where it is no literal block."""
    line, column = document.tree.locate(pointer)
    lines = document.data.decode("utf-8", "replace").splitlines()
    first = line - document.line_offset
    if not 0 < first <= len(lines) or not _HEADER.match(lines[first - 1][column - 1 :]):
        return line, column
    body = lines[first:]
    indent = next((len(text) - len(text.lstrip(" ")) for text in body if text.strip()), 0)
    block: list[str] = []
    for text in body:
        if text.strip() and len(text) - len(text.lstrip(" ")) < indent:
            break
        block.append(text[indent:])
    shown = hidden("\n".join(block))
    if not indent or shown is None:
        return line, column
    try:
        trees = exact.load_all(shown.encode(), document.path)
    except InputError:
        return line, column
    if not trees:
        return line, column
    below, across = trees[0].locate(inside, key=key)
    return line + below, indent + across
