"""The fast reader may only take documents that it reads exactly as the exact one does."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from validator.errors import InputError
from validator.read import exact, fast, plainjson
from validator.read.files import SourceFile
from validator.read.reading import contents_of

SCALARS = [
    *"no yes on off y n true false null ~ Null TRUE 010 0o10 0x1F 0b11 1_000 +1 -1 1.10 1. .5 1e3 1e400 .inf".split(),
    *"1:30 2026-01-01 2026-1-1 12345678901234567890 00 08 -0 -.5 v1.24.9+vmware.1 10.0.0.0/8 1h a:b a#b -a a-b".split(),
    *"<< = * & ! | > % @ ` ? - : , [ ] { }".split(),
    "'no'", '"no"', "'it''s'", '"a\\nb"', '"\\u0041"', "a b", "a, b", "a: b", "a #c", "# c", "&x 1", "*x", "!!str 1",
    "[a, b]", "[no, yes]", "{a: b}", "{a: no, b: 1}", "{a}", "[]", "{}", "[a,b]", "[1,010]", "|\n    text\n    more",
    ">-\n    folded\n    text",
    "|2\n    text", "é", "日本", "\u2028", "\x85", "\ufeff", "a\tb", "https://x.y/z?a=b", "'a: b'", "ENC[AES256_GCM,data:x]",
    "${var}", "{{ x }}",
]  # fmt: skip
KEYS = [
    "a",
    "b",
    "name",
    "no",
    "y",
    "1",
    "1.5",
    "true",
    "null",
    "'q'",
    '"q"',
    "<<",
    "a b",
    "x/y",
    "-",
    "? a",
    "0o1",
    "*",
    "on",
]


@st.composite
def texts(draw: st.DrawFn, depth: int = 0) -> str:
    """Draw block YAML from fragments that readers are known to disagree on."""
    pad = "  " * depth
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        key = draw(st.sampled_from(KEYS))
        form = draw(st.integers(0, 4)) if depth < 3 else 0
        if form <= 1:
            lines.append(f"{pad}{key}: {draw(st.sampled_from(SCALARS))}")
        elif form == 2:
            lines.append(f"{pad}{key}:\n{draw(texts(depth=depth + 1))}")
        elif form == 3:
            items = draw(st.lists(st.sampled_from(SCALARS), min_size=1, max_size=3))
            lines.append(
                f"{pad}{key}:\n" + "\n".join(f"{pad}{draw(st.sampled_from(['', '  ']))}- {item}" for item in items)
            )
        else:
            lines.append(f"{pad}{key}:\n{pad}- " + draw(texts(depth=depth + 1)).lstrip())
    return "\n".join(lines)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right):
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


def agree(data: bytes) -> None:
    if not fast.looks_plain(data):
        return
    try:
        quick = fast.load(data)
    except ValueError:
        return
    trees = exact.load_all(data, "p")
    assert len(trees) <= 1
    assert same(quick, trees[0].value if trees else None), data


@settings(max_examples=600, deadline=None)
@given(texts())
@example("a: - - - - - - b")
@example("a: &x 1\nb: *x")
def test_fragments(text: str) -> None:
    agree(f"{text}\n".encode())


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="ab:- \n'\"#[]{},01.no|>&*!?%~+_eExX\\", max_size=40))
@example("_0:")
@example("a: _1")
@example("a: _.5")
def test_noise(text: str) -> None:
    agree(f"{text}\n".encode())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    contents = contents_of([SourceFile("p.yaml", data)])
    documents, unreadable = contents.documents, contents.unreadable
    assert all(item.line >= 1 and item.column >= 1 and item.message for item in unreadable)
    assert not (documents and any(document.value is None for document in documents))


@pytest.mark.parametrize(
    "text", ["- " * 50_000, "[" * 50_000, "{a: " * 50_000, "? " * 50_000, "a:\n" + " " * 2000 + "- b", "&a " * 1000]
)
def test_depth_never_crashes(text: str) -> None:
    contents_of([SourceFile("p.yaml", text.encode())])


def test_alias_bomb_is_refused() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9))
    with pytest.raises(InputError, match="aliases are expanded"):
        exact.load_all(text.encode(), "p")


def test_documents_are_cut_apart_with_true_lines() -> None:
    data = b"# head\n---\na: 1\n---\nb: |\n  ---\n  x\nc: no\n---\n# empty\n---\nd: 1\nd: 2\n"
    contents = contents_of([SourceFile("p.yaml", data)])
    assert contents.documents == []
    assert (contents.unreadable[0].line, contents.unreadable[0].column) == (13, 1)
    documents = contents_of([SourceFile("p.yaml", data.replace(b"d: 2", b"e: 2"))]).documents
    assert [document.value for document in documents] == [{"a": 1}, {"b": "---\nx\n", "c": False}, {"d": 1, "e": 2}]
    assert [document.ref("c" if "c" in document.value else next(iter(document.value))).locate() for document in documents] == [
        (3, 4), (8, 4), (12, 4),
    ]  # fmt: skip


def agree_on_json(data: bytes) -> bool:
    """Compare both readers where the quick one takes a text, and return whether it does."""
    if not plainjson.looks_plain(data):
        return False
    try:
        quick = plainjson.load(data)
    except ValueError:
        return False
    trees = exact.load_all(data, "p")
    assert len(trees) == 1
    assert same(quick, trees[0].value), data
    return True


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet="ab:-#,[]{}'<=\n\\\"é ", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "<", ""]), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=600, deadline=None)
@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), st.sampled_from([None, 0, 2]), st.booleans())
def test_json(value: dict[str, Any], indent: int | None, packed: bool) -> None:
    agree_on_json(json.dumps(value, indent=indent, separators=(",", ":") if packed else None).encode())


@settings(max_examples=600, deadline=None)
@given(st.text(alphabet='{}[]""::,, \n01.eE-+truefalsn\\#', max_size=30))
@example('"a"\n: 1}')
@example('"a": 1, "a": 2}')
@example('"a": {"b": 1}} # c')
def test_noise_after_a_brace(text: str) -> None:
    agree_on_json(b"{" + text.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 70 + "1" + "}" * 70,
        '{"a":\n' * 70 + "1" + "}" * 70,
        '{"a": "]]]]]]", "b": ' * 70 + "1" + "}" * 70,
        '{"a": 1, "a": 2}',
        '{"a": 1e5}',
        '{"a": 12345678901234567890}',
        '{"a": NaN}',
        '{"a": "\\u0041"}',
        '{"a"\n: 1}',
        '{"a":\t1}',
        '{"' + "k" * 1100 + '": 1}',
        '["a"]',
    ],
)
def test_json_that_the_exact_reader_takes(text: str) -> None:
    assert not agree_on_json(text.encode())


def test_json_as_machines_write_it_is_read_quickly() -> None:
    value = {"a": [1, -2, 0.5, True, None, {"no": "010", "": []}], "b": {"c": "x: {y} #z"}}
    assert agree_on_json(json.dumps(value).encode())
    assert agree_on_json(json.dumps(value, indent=2).encode() + b"\n")
