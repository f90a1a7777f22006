"""An estate file is read whole and judged whole: every problem with its place, none with a traceback."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validator.errors import InputError
from validator.estate_file.declared import resolve
from validator.estate_file.reading import MAX_BYTES, MAX_PROBLEMS, EstateFileError, load, problems, problems_in
from validator.read.exact import load_all

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
BAD = sorted((ROOT / "tests/estates/bad").glob("*.yaml"))
EXPECTED = re.compile(r"# (\d+:\d+: .+)")
TAKES_AT_MOST = 20.0
"""Seconds; generous, as machines that run tests are shared."""


def told(content: bytes | str) -> list[str]:
    raw = content.encode() if isinstance(content, str) else content
    return [f"{error.line}:{error.column}: {error.message}" for error in problems_in(raw, "estate.yaml")]


def only(path: Path) -> InputError:
    found = problems(path)
    assert len(found) == 1
    error = found[0]
    assert isinstance(error, InputError)
    assert "\n" not in error.message
    assert error.path == str(path)
    return error


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_estate_is_refused_for_what_its_head_says(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    expected = [match[1] for line in content.splitlines() if (match := EXPECTED.fullmatch(line))]
    assert expected, "the first lines of a bad estate say what rejects it"
    assert told(content) == expected


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_no_message_shows_a_secret(path: Path) -> None:
    text = "\n".join(map(str, problems(path)))
    assert "S3cret" not in text
    assert "AGE-SECRET-KEY" not in text


@pytest.mark.parametrize("backend", ["sops", "sealed-secrets", "external-secrets"])
@pytest.mark.parametrize("engine", ["flux", "argocd"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_has_no_problem_with_any_engine_and_backend(path: Path, engine: str, backend: str) -> None:
    content = path.read_text(encoding="utf-8")
    content = re.sub(r"(?m)^engine: .*", f"engine: {engine}", content)
    content = re.sub(r"(?m)^  backend: .*", f"  backend: {backend}", content)
    assert told(content) == []


def test_there_are_examples() -> None:
    assert [path.stem for path in EXAMPLES] == ["argocd", "lab", "three-sites", "tkg-managed"]


def test_load_gives_the_content_or_all_problems() -> None:
    assert load(ROOT / "examples/lab.yaml")["name"] == "nsxbaas-lab"
    with pytest.raises(EstateFileError) as caught:
        load(ROOT / "tests/estates/bad/many-at-once.yaml")
    assert len(caught.value.problems) == 5
    assert str(caught.value).count("many-at-once.yaml:") == 5


def test_problem_is_printed_with_place_and_hint() -> None:
    path = ROOT / "tests/estates/bad/misspelt-key.yaml"
    (problem,) = problems(path)
    assert str(problem) == f"{path}:15:7: unknown key `controler` in `sites[0].avi`\n  hint: did you mean `controller`?"


def test_missing_file(tmp_path: Path) -> None:
    assert only(tmp_path / "none.yaml").message == "does not exist"


def test_file_name_with_nul() -> None:
    assert only(Path("estate\0.yaml")).message == "a file name cannot hold a NUL"


def test_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert only(tmp_path / "file" / "estate.yaml").message == "does not exist"


def test_folder(tmp_path: Path) -> None:
    assert only(tmp_path).message == "is a folder, not an estate file"


def test_symlink_loop(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "a.yaml")
    assert "cannot be read" in only(tmp_path / "a.yaml").message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert only(tmp_path / "pipe.yaml").message == "is not a regular file"


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "estate.yaml"
    path.touch()
    monkeypatch.setattr("validator.estate_file.reading.os.open", refuse)
    assert "cannot be read: permission denied" in only(path).message


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing\n", b"---\n", b"null\n"])
def test_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "estate.yaml"
    path.write_bytes(content)
    assert only(path).message == "is empty"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"- name: small\n", "must be a mapping with keys such as `name` and `sites`, is a list"),
        (b"hello\n", "must be a mapping with keys such as `name` and `sites`, is a single value"),
        ("name: Zürich\n".encode("latin-1"), "is not UTF-8 text"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "is not text but binary"),
        (b"name: small\nname: other\n", "key `name` is given twice, first at line 1"),
        (b"name: [small\n", "is not YAML"),
        (b"a: " + b"[" * 5000 + b"]" * 5000, "is nested deeper than"),
        (b"a: " + b"{b: " * 5000, "is nested deeper than"),
        (b"name: small\n---\nname: other\n", "a second document begins here, an estate file has one"),
    ],
)
def test_content_that_is_no_estate(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "estate.yaml"
    path.write_bytes(content)
    assert message in only(path).message


def test_large_file(tmp_path: Path) -> None:
    path = tmp_path / "estate.yaml"
    path.write_bytes(b"name: small\n" + b"# padding\n" * 1_000_000)
    start = time.monotonic()
    assert only(path).message == f"is larger than the {MAX_BYTES // 2**20} MiB that an estate file may have"
    assert time.monotonic() - start < TAKES_AT_MOST


def test_alias_bomb() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    start = time.monotonic()
    (message,) = told("l0: &l0 [a, b, c]\n" + levels)
    assert "nodes once its aliases are expanded" in message
    assert time.monotonic() - start < TAKES_AT_MOST


def test_many_problems_are_counted_not_told() -> None:
    start = time.monotonic()
    found = problems_in("".join(f"key{n}: {n}\n" for n in range(20_000)).encode(), "estate.yaml")
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1].message == f"has more than {MAX_PROBLEMS} problems, the rest is not listed"
    assert time.monotonic() - start < TAKES_AT_MOST


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for error in problems_in(content, "estate.yaml"):
        assert error.message.isprintable()


@settings(deadline=None, max_examples=60)
@given(data=st.data(), path=st.sampled_from(EXAMPLES))
def test_any_damage_is_read_or_refused(data: st.DataObject, path: Path) -> None:
    content = path.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    filling = data.draw(
        st.one_of(st.binary(max_size=12), st.sampled_from([b"", b"*a", b"&a ", b"<<: ", b"- ", b"\n", b"{"]))
    )
    for error in problems_in(content[:start] + filling + content[end:], "estate.yaml"):
        assert error.message.isprintable()
        assert error.path == "estate.yaml"


@settings(deadline=None, max_examples=100)
@given(data=st.data(), path=st.sampled_from(EXAMPLES))
def test_what_has_no_problem_can_be_resolved(data: st.DataObject, path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        first, second = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        if data.draw(st.booleans()):
            lines[first] = lines[second]
        else:
            del lines[first]
    content = "".join(lines)
    found = problems_in(content.encode(), "estate.yaml")
    try:
        resolved = resolve(load_all(content.encode(), "estate.yaml")[0].value)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, InputError):
        assert found
    else:
        assert json.dumps(resolved, allow_nan=False)


def test_needs_nothing_but_cookiecutter_brings() -> None:
    code = (
        "import sys; import validator.estate_file.declared, validator.estate_file.reading as f;"
        f"assert not f.problems({str(EXAMPLES[0])!r});"
        "print({m.partition('.')[0] for m in sys.modules} & {'jsonschema', 'ruamel', 'click', 'rich', 'yaml_rs'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"
