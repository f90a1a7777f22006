"""The `yaml` filter writes what every reader reads back as the same value."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from validator.lifecycle.yaml_text import yaml_text
from validator.read.exact import load_all

TEXT = st.text(alphabet=st.sampled_from("ab01:#- \n\t'\"{}[]&*!|>%@`,?é~.eE+_xonyNul\x07\u2028😀"), max_size=9)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | TEXT
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.integers(0, 12))
def test_reads_back_the_same(value: Any, indent: int) -> None:
    text = (
        "key:\n" + yaml_text(value, indent + 2) + "\n"
        if isinstance(value, dict | list)
        else f"key: {yaml_text(value, 2)}\n"
    )
    expected = json.dumps({"key": value})
    (tree,) = load_all(text.encode(), "test")
    assert json.dumps(tree.value) == expected
    assert json.dumps(yaml.safe_load(text)) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("site01", "site01"),
        ("1.9.2", "1.9.2"),
        ("2.1", '"2.1"'),
        ("true", '"true"'),
        ("no", '"no"'),
        ("010", '"010"'),
        ("1e3", '"1e3"'),
        ("11:22:33", '"11:22:33"'),
        ("2026-01-01", '"2026-01-01"'),
        ("v1.24.9+vmware.1", "v1.24.9+vmware.1"),
        ("192.168.60.40", "192.168.60.40"),
        ("100.96.0.0/11", "100.96.0.0/11"),
        ("a-admin@a", "a-admin@a"),
        ("{{ .x }}", '"{{ .x }}"'),
        ("/Oslo/network/VM Network", "/Oslo/network/VM Network"),
        ("", '""'),
        (None, "null"),
        (True, "true"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_quotes_where_readers_could_differ(value: Any, text: str) -> None:
    assert yaml_text(value) == text


def test_writes_blocks() -> None:
    value = {"a": [{"b": 1, "c": ["d"]}, "e"], "f": "one\ntwo\n", "g": [], "h": {"i": None}}
    assert yaml_text(value, 2).splitlines() == [
        "  a:",
        "    - b: 1",
        "      c:",
        "        - d",
        "    - e",
        "  f: |",
        "    one",
        "    two",
        "  g: []",
        "  h:",
        "    i: null",
    ]
