"""Names of a cluster are taken out of a text by hand; an expression of all of them must find the same places."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from validator.clusters.siblings import Copy
from validator.read.documents import Document
from validator.read.manifest import Manifest

PIECES = st.lists(
    st.sampled_from(["site", "site01", "01", "-", "/", "a", "ab", "ab-cd", "cd-ef", " ", "é"]), max_size=8
)
TEXTS = PIECES.map("".join)
NAMES = st.lists(TEXTS.filter(bool), max_size=4, unique=True)


@settings(max_examples=600, deadline=None)
@given(TEXTS, NAMES)
@example("ab-cd-ef", ["cd-ef", "ab-cd"])
@example("site01site01 site01", ["site01"])
def test_names_are_taken_out_as_an_expression_would(text: str, names: list[str]) -> None:
    ordered = tuple(sorted(names, key=lambda name: (-len(name), name)))
    copy = Copy(Manifest(Document("a.yaml", 0, 0, b"", {}), {}), "a", ordered)
    listed = "|".join(map(re.escape, ordered))
    wanted = re.sub(rf"(?<![A-Za-z0-9])(?:{listed})(?![A-Za-z0-9])", "\0", text) if ordered else text
    assert copy.plain(text) == wanted
