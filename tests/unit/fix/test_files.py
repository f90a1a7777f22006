"""`--fix`: what is asked for is in the file afterwards, and every other byte is as it was."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from validator.errors import InputError
from validator.finding import Action, Edit, Finding, Severity
from validator.fix.files import Change, changes, write
from validator.read import exact
from validator.read.documents import Document, Ref
from validator.read.files import SourceFile
from validator.read.manifest import dig
from validator.read.reading import contents_of

PATH = "a.yaml"


def documents(data: bytes) -> list[Document]:
    contents = contents_of([SourceFile(PATH, data)])
    assert not contents.unreadable, contents.unreadable
    return contents.documents


def finding(*edits: Edit) -> Finding:
    return Finding("AMK101", "two-leaders", Severity.ERROR, "text", PATH, 1, 1, fix=edits)


def edit(document: Document, pointer: tuple[str | int, ...], action: Action, value: Any = None, key: str = "") -> Edit:
    return Edit(Ref(document, pointer), action, key, value)


def mended(text: str, *edits: tuple[Any, ...], value: Any = None) -> str:
    """Return a text with edits made in its first document, or that with a value; each is a finding of its own."""
    data = text.encode()
    document = next(one for one in documents(data) if value is None or one.value == value)
    found = [finding(edit(document, *one)) for one in edits]
    done = list(changes(Path("/nowhere"), found, {PATH: data}))
    return done[0].after.decode() if done else text


SET, QUOTE, INSERT, APPEND, REMOVE = Action.SET, Action.QUOTE, Action.INSERT, Action.APPEND, Action.REMOVE

CASES: dict[str, tuple[str, tuple[Any, ...], str]] = {
    "set": ("a: 1  # one\nb: 2\n", (("a",), SET, 5), "a: 5  # one\nb: 2\n"),
    "set text": ("a: x\n", (("a",), SET, "y: z"), 'a: "y: z"\n'),
    "set boolean that was text": ('a: "true" # c\n', (("a",), SET, True), "a: true # c\n"),
    "set single quotes": ("a: 'it''s' # c\n", (("a",), SET, "x"), "a: x # c\n"),
    "set escapes": ('a: "x\\"y" # c\n', (("a",), SET, "x"), "a: x # c\n"),
    "set text that looks like a number": ("a: x\n", (("a",), SET, "22.1"), 'a: "22.1"\n'),
    "set nothing": ("a:\nb: 2\n", (("a",), SET, 5), "a: 5\nb: 2\n"),
    "set nothing with a comment": ("a: # why\nb: 2\n", (("a",), SET, 5), "a: 5 # why\nb: 2\n"),
    "set in flow": ("a: {b: x, c: [1, 2]}\n", (("a", "c", 1), SET, 3), "a: {b: x, c: [1, 3]}\n"),
    "set lines of plain text": ("a: one\n  two\nb: 1\n", (("a",), SET, "x"), "a: x\nb: 1\n"),
    "set at the end without newline": ("a: 1", (("a",), SET, 2), "a: 2"),
    "set crlf": ("a: 1\r\nb: 2\r\n", (("b",), SET, 3), "a: 1\r\nb: 3\r\n"),
    "set after a mark": ("\ufeffa: 1\n", (("a",), SET, 2), "\ufeffa: 2\n"),
    "set wide characters": ("ü: ä😀 # ö\nb: ß\n", (("b",), SET, "é"), 'ü: ä😀 # ö\nb: "é"\n'),
    "set with a tab before the comment": ("a: 1\t# one\n", (("a",), SET, 2), "a: 2\t# one\n"),
    "set a boolean to its own word": ("a: yes # x\n", (("a",), SET, True), "a: true # x\n"),
    "quote": ("a: on # x\n", (("a",), QUOTE), 'a: "on" # x\n'),
    "quote in flow": ("a: {b: on, c: 1e3}\n", (("a", "c"), QUOTE), 'a: {b: on, c: "1e3"}\n'),
    "quote a date": ("a: 2024-01-01\n", (("a",), QUOTE), 'a: "2024-01-01"\n'),
    "quote in a list": ("a:\n- x\n- 010\n", (("a", 1), QUOTE), 'a:\n- x\n- "010"\n'),
    "insert": (
        "f:\n  a: 1 # one\n\n  # two\n  b: 2\n",
        (("f",), INSERT, False, "k"),
        "f:\n  a: 1 # one\n  k: false\n\n  # two\n  b: 2\n",
    ),
    "insert in flow": ("f: {a: 1, b: 2} # c\n", (("f",), INSERT, False, "k"), "f: {k: false, a: 1, b: 2} # c\n"),
    "insert in empty flow": ("f: {} # c\n", (("f",), INSERT, False, "k"), "f: {k: false} # c\n"),
    "insert in an item": (
        "l:\n  - a: 1\n    b: 2\n",
        (("l", 0), INSERT, "x", "k"),
        "l:\n  - a: 1\n    k: x\n    b: 2\n",
    ),
    "insert in an item of flow": (
        "l:\n  - {a: 1}\n",
        (("l", 0), INSERT, {"x": True}, "k"),
        "l:\n  - {k: {x: true}, a: 1}\n",
    ),
    "insert after a list": (
        "f:\n  l:\n    - 1\n    # - 2\ng: 1\n",
        (("f",), INSERT, 1, "k"),
        "f:\n  l:\n    - 1\n    # - 2\n  k: 1\ng: 1\n",
    ),
    "insert without newline": ("f:\n  a: 1", (("f",), INSERT, 2, "k"), "f:\n  a: 1\n  k: 2"),
    "insert crlf": ("f:\r\n  a: 1\r\ng: 1\r\n", (("f",), INSERT, 2, "k"), "f:\r\n  a: 1\r\n  k: 2\r\ng: 1\r\n"),
    "insert beside a block of text": (
        "f:\n  t: |\n    x\n\n  b: 1\n",
        (("f",), INSERT, 2, "k"),
        "f:\n  t: |\n    x\n\n  b: 1\n  k: 2\n",
    ),
    "insert after a block of text": (
        "f:\n  t: |\n    x\n\ng: 1\n",
        (("f",), INSERT, 2, "k"),
        "f:\n  t: |\n    x\n\n  k: 2\ng: 1\n",
    ),
    "append": ("l:\n  - a # one\n  # - b\nm: 1\n", (("l",), APPEND, "c"), "l:\n  - a # one\n  - c\n  # - b\nm: 1\n"),
    "append indentless": ("l:\n- a\nm: 1\n", (("l",), APPEND, "c"), "l:\n- a\n- c\nm: 1\n"),
    "append wide": ("l:\n  -   a\n", (("l",), APPEND, "c"), "l:\n  -   a\n  -   c\n"),
    "append mapping": (
        "l:\n  - cluster: a\n    weight: 1\n",
        (("l",), APPEND, {"cluster": "b", "weight": 2}),
        "l:\n  - cluster: a\n    weight: 1\n  - cluster: b\n    weight: 2\n",
    ),
    "append mapping to mappings in flow": (
        "l:\n  - {c: a, w: 1} # one\n",
        (("l",), APPEND, {"c": "b", "w": 2}),
        "l:\n  - {c: a, w: 1} # one\n  - {c: b, w: 2}\n",
    ),
    "append mapping wide": (
        "l:\n-   c: a\n",
        (("l",), APPEND, {"c": "b", "d": 1}),
        "l:\n-   c: a\n-   c: b\n    d: 1\n",
    ),
    "append in flow": ("l: [a, 'b' ] # c\n", (("l",), APPEND, "c"), "l: [a, 'b', c ] # c\n"),
    "append in flow of mappings": ("l: [{c: a}]\n", (("l",), APPEND, {"c": "b"}), "l: [{c: a}, {c: b}]\n"),
    "append in flow with a last comma": ("l: [a, b,]\n", (("l",), APPEND, "c"), "l: [a, b, c,]\n"),
    "append in flow of lines": (
        "l: [\n  a, # one\n  b # two\n]\n",
        (("l",), APPEND, "c"),
        "l: [\n  a, # one\n  b, c # two\n]\n",
    ),
    "append in empty flow": ("l: []\n", (("l",), APPEND, "c"), "l: [c]\n"),
    "append to a list in a list": (
        "l:\n- - a\n  - b\n- - c\n",
        (("l", 0), APPEND, "d"),
        "l:\n- - a\n  - b\n  - d\n- - c\n",
    ),
    "append to a list of lists": ("l:\n- - a\n- - c\n", (("l",), APPEND, "d"), "l:\n- - a\n- - c\n- d\n"),
    "append without newline": ("l:\n- a", (("l",), APPEND, "c"), "l:\n- a\n- c"),
    "append crlf": ("l:\r\n- a\r\nm: 1", (("l",), APPEND, "c"), "l:\r\n- a\r\n- c\r\nm: 1"),
    "append after a block of text": ("l:\n- |\n  x\nm: 1\n", (("l",), APPEND, "c"), "l:\n- |\n  x\n- c\nm: 1\n"),
    "append after lines of plain text": ("l:\n- a\n  b\nm: 1\n", (("l",), APPEND, "c"), "l:\n- a\n  b\n- c\nm: 1\n"),
    "append to a list with an anchor": ("l: &x\n- a\nm: 1\n", (("l",), APPEND, "c"), "l: &x\n- a\nm: 1\n"),
    "remove": ("l:\n- a\n- b # two\n- a # three\nm: 1\n", (("l", 2), REMOVE), "l:\n- a\n- b # two\nm: 1\n"),
    "remove mapping": (
        "l:\n  - cluster: a\n    weight: 1\n  # b\n  - cluster: b\n",
        (("l", 0), REMOVE),
        "l:\n  # b\n  - cluster: b\n",
    ),
    "remove in flow": ("l: [a, b, a]\n", (("l", 2), REMOVE), "l: [a, b]\n"),
    "remove first in flow": ("l: [a, b, a]\n", (("l", 0), REMOVE), "l: [b, a]\n"),
    "remove in flow of lines": ("l: [\n  a,\n  b,\n]\n", (("l", 1), REMOVE), "l: [\n  a,\n]\n"),
    "remove without newline": ("l:\n- a\n- a", (("l", 1), REMOVE), "l:\n- a\n"),
    "remove a block of text": ("l:\n- a\n- |\n  x\n\n- b\n", (("l", 1), REMOVE), "l:\n- a\n- b\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_edit(name: str) -> None:
    before, one, after = CASES[name]
    assert mended(before, one) == after
    if one[1] in {INSERT, APPEND, SET} and after != before:
        assert mended(after, one) == after, "a second time it changes more"


REFUSED: dict[str, tuple[str, tuple[Any, ...]]] = {
    "behind an alias": ("a: &x {k: 1}\nb: *x\n", (("b",), INSERT, 1, "n")),
    "an anchor that is used elsewhere": ("a: &x [1]\nb: *x\n", (("a",), APPEND, 2)),
    "in an anchor that is used elsewhere": ("a: &x\n  k: [1]\nb: *x\n", (("a", "k"), APPEND, 2)),
    "the last use of an anchor": ("l: [&x a, b, a]\nm: *x\n", (("l", 0), REMOVE)),
    "merged from elsewhere": ("a: &x {k: 1}\nb: {<<: *x, l: 1}\n", (("b", "k"), SET, 2)),
    "tagged": ("a: !!str 1\n", (("a",), SET, 2)),
    "a block of text": ("a: |\n  x\n", (("a",), SET, "y")),
    "a block of text that would grow": ("l:\n- |\n  x", (("l",), APPEND, "y")),
    "quotes around lines": ("a: on\n  off\n", (("a",), QUOTE)),
    "quotes around quotes": ('a: "on"\n', (("a",), QUOTE)),
    "a key": ("on: 1\n", (("true",), QUOTE)),
    "the only item": ("l:\n- a\n", (("l", 0), REMOVE)),
    "an item beside another dash": ("l:\n- - a\n  - b\n", (("l", 0, 0), REMOVE)),
    "an item after a comment in flow": ("l: [a, # one\n  b]\n", (("l", 1), REMOVE)),
    "what is not there": ("a: 1\n", (("b",), SET, 1)),
    "a key that is there": ("a: {k: 1}\n", (("a",), INSERT, 2, "k")),
    "an item that is there": ("l: [1, 2]\n", (("l",), APPEND, 2)),
    "a value that is there": ("a: 'x'\n", (("a",), SET, "x")),
    "nothing to insert in": ("a:\nb: 1\n", (("a",), INSERT, 1, "k")),
    "a list in the place of a value": ("a: [1]\n", (("a",), SET, 1)),
    "commented flow that is empty": ("a: [ # x\n]\n", (("a",), APPEND, 1)),
    "the whole document": ("a: 1\n", ((), REMOVE)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_edit_that_is_not_safe_changes_nothing(name: str) -> None:
    text, one = REFUSED[name]
    assert mended(text, one) == text


@pytest.mark.parametrize(
    "text",
    [
        "---\n# only a comment\n---\na: 1\n---\n---\na: 2 # two\n",
        "# head\n\n---\n---\na: 1\n---\na: 2 # two\n",
        "a: 1\n---\nnull\n---\n~\n---\na: 2 # two\n",
        "%YAML 1.1\n---\na: 1\n...\n---\n# x\n---\na: 2 # two\n",
        "a: 1\r\n---\r\n# x\r\n---\r\na: 2 # two\r\n",
        "--- {a: 1}\n--- # empty\n--- \na: 2 # two\n",
        "\ufeffa: 1\n---\n\n---\na: 2 # two",
        "a: &x 1\n---\n&y\n---\na: 2 # two\n",
    ],
)
def test_the_right_one_of_several_documents(text: str) -> None:
    found = [one for one in documents(text.encode()) if isinstance(one.value, dict)]
    data = text.encode()
    done = list(changes(Path("/nowhere"), [finding(edit(found[1], ("a",), SET, 3))], {PATH: data}))
    if "&y" in text:  # an anchor on nothing: readers count it differently, so nothing is done
        assert not done
        return
    assert done[0].after == data.replace(b"a: 2", b"a: 3")


def test_several_fixes_in_one_list_speak_of_the_list_as_it_was() -> None:
    text = "l:\n- a\n- b\n- a # 2\n- c\n- b # 4\nk: on\n"
    after = mended(
        text, (("l", 2), REMOVE), (("l", 4), REMOVE), (("l",), APPEND, "d"), (("k",), QUOTE), (("l",), APPEND, "e")
    )
    assert after == 'l:\n- a\n- b\n- c\n- d\n- e\nk: "on"\n'


def test_what_does_not_hold_does_not_hinder_the_rest() -> None:
    text = "a: |\n  x\nb: on\nl: [1]\n"
    assert mended(text, (("a",), SET, 1), (("b",), QUOTE), (("b",), SET, True), (("l",), APPEND, 2)) == (
        'a: |\n  x\nb: "on"\nl: [1, 2]\n'
    )


def test_the_edits_of_one_fix_are_made_together_or_not_at_all() -> None:
    data = b"a: 1\nb: |\n  x\n"
    document = documents(data)[0]
    both = finding(edit(document, ("a",), SET, 2), edit(document, ("b",), SET, "y"))
    assert not list(changes(Path("/nowhere"), [both], {PATH: data}))


def test_the_same_fix_twice_is_made_once_and_both_findings_are_mended() -> None:
    data = b"l: [1]\n"
    document = documents(data)[0]
    found = [finding(edit(document, ("l",), APPEND, 2)) for _ in range(2)]
    done = list(changes(Path("/nowhere"), found, {PATH: data}))
    assert done[0].after == b"l: [1, 2]\n" and len(done[0].mended) == 2


def test_encrypted_files_are_left_alone() -> None:
    text = "a: on\nsops:\n  mac: ENC[AES256_GCM,data:x]\n"
    assert mended(text, (("a",), QUOTE)) == text


def test_many_fixes_in_a_long_file() -> None:
    text = "".join(f"k{n}: on\n" for n in range(3000)) + "x: |\n  y\n"
    after = mended(text, *[((f"k{n}",), QUOTE) for n in range(3000)], (("x",), SET, 1))
    assert after == text.replace("on", '"on"')


# --- files


def place(root: Path, text: str = "a: 1\n", name: str = PATH) -> tuple[Path, Change]:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path, Change(name, text.encode(), b"a: 2\n")


def test_write_keeps_the_mode_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path, change = place(tmp_path)
    path.chmod(0o640)
    write(tmp_path, change)
    assert path.read_text() == "a: 2\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [item.name for item in tmp_path.iterdir()] == [PATH]


def test_write_refuses_a_file_that_was_edited_meanwhile(tmp_path: Path) -> None:
    path, change = place(tmp_path)
    path.write_text("a: 7\n")
    with pytest.raises(InputError, match="meanwhile"):
        write(tmp_path, change)
    assert path.read_text() == "a: 7\n"


def test_write_refuses_links(tmp_path: Path) -> None:
    outside, _ = place(tmp_path / "outside")
    root = tmp_path / "root"
    root.mkdir()
    (root / PATH).symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    for name in (PATH, f"folder/{PATH}", f"../outside/{PATH}"):
        with pytest.raises(InputError):
            write(root, Change(name, b"a: 1\n", b"a: 2\n"))
    assert outside.read_text() == "a: 1\n"


def test_a_root_that_is_a_link_is_fine(tmp_path: Path) -> None:
    path, change = place(tmp_path / "real")
    (tmp_path / "root").symlink_to(tmp_path / "real")
    write(tmp_path / "root", change)
    assert path.read_text() == "a: 2\n"


def test_changes_pass_over_links_and_what_is_gone(tmp_path: Path) -> None:
    path, _ = place(tmp_path, "a: on\n", "real.yaml")
    document = Document(PATH, 0, 0, b"a: on\n", {"a": True})
    fix = finding(edit(document, ("a",), QUOTE))
    assert not list(changes(tmp_path, [fix]))
    (tmp_path / PATH).symlink_to(path)
    assert not list(changes(tmp_path, [fix]))


def test_changes_pass_over_a_file_that_is_not_as_it_was_read(tmp_path: Path) -> None:
    place(tmp_path, "b: on\na: on\n")
    document = Document(PATH, 0, 0, b"a: on\n", {"a": True})
    assert not list(changes(tmp_path, [finding(edit(document, ("a",), QUOTE))]))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="no file is read-only to this user")
def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path, change = place(tmp_path)
    path.chmod(0o444)
    with pytest.raises(InputError):
        write(tmp_path, change)


def test_diff_shows_a_missing_newline() -> None:
    text = Change(PATH, b"a: 1\r\nb: 2", b"a: 1\r\nb: 3").diff
    mark = "\\ No newline at end of file\n"
    assert text == f"--- a/a.yaml\n+++ b/a.yaml\n@@ -1,2 +1,2 @@\n a: 1\r\n-b: 2\n{mark}+b: 3\n{mark}"


# --- properties

WORDS = st.sampled_from(
    [
        "a",
        "b",
        "on",
        "no",
        "1e3",
        "010",
        "x y",
        "it's",
        'say "x"',
        "ü",
        "😀",
        "",
        "#x",
        "- x",
        "a: b",
        "22.1",
        "~",
        "null",
        "{",
        "[x",
    ]
)
SCALARS = st.one_of(
    WORDS, st.integers(-5, 5), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False, width=16)
)
KEYS = st.sampled_from(["a", "b", "c", "key", "on", "x.y/z", "ü", "a b", "1"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
COMMENTS = st.sampled_from(["", "", "", " # note", "  # - a: b", "\t# tab", " "])


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, Any]:
    """Return a text and its value, written in as many ways as YAML has."""
    value = draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
    lines = _block(draw, value, 0, draw(st.sampled_from([2, 2, 3])))
    ending = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    head = draw(st.sampled_from(["", "", "# head\n", "---\n", "# x\n---\n", "---\n# nothing\n---\n"]))
    tail = draw(st.sampled_from(["", "", "---\nz: 1\n", "---\n", "# end\n", "...\n"]))
    body = "\n".join(lines)
    if tail or draw(st.booleans()):
        body += "\n"
    text = (head + body + tail).replace("\n", ending)
    return text, value


def _scalar(draw: st.DrawFn, value: Any) -> str:
    if isinstance(value, str):
        style = draw(st.sampled_from(["double", "single", "plain"]))
        if style == "single" and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        if style == "plain" and _plain(value):
            return value
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


def _plain(text: str) -> bool:
    try:
        return [tree.value for tree in exact.load_all(f"[{{k: {text}}}]\n".encode(), "")] == [[{"k": text}]]
    except InputError:
        return False


def _flow(draw: st.DrawFn, value: Any) -> str:
    space = draw(st.sampled_from(["", " "]))
    if isinstance(value, dict):
        pairs = ", ".join(f"{json.dumps(key)}: {_flow(draw, item)}" for key, item in value.items())
        return f"{{{space}{pairs}{space}}}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{space}{', '.join(_flow(draw, item) for item in value)}{space}]" if value else "[]"
    return _scalar(draw, value)


def _block(draw: st.DrawFn, value: Any, indent: int, step: int) -> list[str]:
    """Return the lines of a collection."""
    lines: list[str] = []
    pad = " " * indent
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if draw(st.sampled_from([0, 0, 0, 1])):
            lines.append(draw(st.sampled_from([f"{pad}# before", "", f"{pad}   # deeper"])))
        lead = f"{pad}{json.dumps(key, ensure_ascii=False)}:" if isinstance(value, dict) else f"{pad}-"
        if not isinstance(item, dict | list) or not item or draw(st.integers(0, 3)) == 0:
            lines.append(f"{lead} {_flow(draw, item)}{draw(COMMENTS)}")
        elif isinstance(value, list) and draw(st.booleans()):
            inner = _block(draw, item, indent + 2, step)
            while not inner[0].strip() or inner[0].lstrip().startswith("#"):
                inner = inner[1:]
            lines += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
        else:
            deeper = 0 if isinstance(item, list) and isinstance(value, dict) and draw(st.booleans()) else step
            lines += [f"{lead}{draw(COMMENTS)}", *_block(draw, item, indent + deeper, step)]
    return lines


def pointers(value: Any, pointer: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [pointer] if pointer else []
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += pointers(item, (*pointer, key))
    return found


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, Any, tuple[Any, ...]]:
    text, value = draw(texts())
    pointer = draw(st.sampled_from(pointers(value)))
    there = dig(value, pointer)
    fitting = [INSERT] if isinstance(there, dict) else [APPEND] if isinstance(there, list) else [SET, QUOTE]
    if isinstance(pointer[-1], int):
        fitting.append(REMOVE)
    action = draw(st.sampled_from(fitting))
    new = draw(st.one_of(SCALARS, st.dictionaries(KEYS, SCALARS, min_size=1, max_size=2)))
    return text, value, (pointer, action, new, draw(KEYS) if action is INSERT else "")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(edits())
@example(("a:\n- b\n", {"a": ["b"]}, (("a",), APPEND, "c", "")))
def test_what_is_asked_for_and_nothing_else(case: tuple[str, Any, tuple[Any, ...]]) -> None:
    text, value, one = case
    pointer, action, new, key = one
    contents = contents_of([SourceFile(PATH, text.encode())])
    found = contents.documents
    assume(not contents.unreadable and any(document.value == value for document in found))
    after = mended(text, one, value=value)
    if after == text:
        return
    before, whole = ([tree.value for tree in exact.load_all(each.encode(), PATH)] for each in (text, after))
    number = before.index(value)
    wanted = copy.deepcopy(value)
    target, parent = dig(wanted, pointer), dig(wanted, pointer[:-1])
    if action in {SET, QUOTE}:
        parent[pointer[-1]] = new if action is SET else dig(whole[number], pointer)
        assert action is SET or isinstance(parent[pointer[-1]], str)
    elif action is INSERT:
        target[key] = new
    elif action is APPEND:
        target.append(new)
    else:
        del parent[pointer[-1]]
    assert whole == [*before[:number], wanted, *before[number + 1 :]]
    start = _common(text, after)
    gone = text[start : len(text) - _common(text[start:][::-1], after[start:][::-1])]
    if action in {INSERT, APPEND}:
        assert not gone.strip("[]{} ")
    elif action in {SET, QUOTE}:
        assert "\n" not in gone and "# " not in gone.replace("#x", "")
    if action in {INSERT, APPEND, SET}:
        assert mended(after, one, value=wanted) == after
    assert "\r\n" not in text or after.count("\n") == after.count("\r\n")


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
