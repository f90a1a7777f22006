"""The repository as it was at a revision, read from git's objects; the work tree is not touched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from validator.errors import InputError, ToolError
from validator.read.files import MAX_BYTES, MAX_FILES, SKIPPED_FOLDERS, SUFFIXES, SourceFile

TIMEOUT = 120
"""Seconds that one git command may take."""


def files_at(root: Path, revision: str) -> Iterator[SourceFile]:
    """Yield the YAML files of a revision below `root`; raise InputError for an unknown one, ToolError without git."""
    if revision.startswith("-") or not revision or "\0" in revision or "\n" in revision:
        raise InputError(f"`{revision}` is no revision", hint="give a branch, a tag or a commit")
    commit = _git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"], revision)
    tree = commit.decode().strip()
    prefix = os.fsdecode(_git(root, ["rev-parse", "--show-prefix"], revision)).strip("\n")
    listing = _git(root, ["ls-tree", "-r", "-z", "-l", "--full-tree", tree], revision)
    wanted: list[tuple[str, str]] = []
    for entry in listing.split(b"\0"):
        head, _, name = entry.partition(b"\t")
        path = os.fsdecode(name)
        fields = head.split()
        if len(fields) != 4 or not path.startswith(prefix) or not path.endswith(SUFFIXES):
            continue
        path = path[len(prefix) :]
        if fields[0] not in {b"100644", b"100755"} or int(fields[3]) > MAX_BYTES or _skipped(path):
            continue
        wanted.append((path, fields[2].decode()))
        if len(wanted) >= MAX_FILES:
            break
    blobs = _git(root, ["cat-file", "--batch"], revision, "".join(f"{oid}\n" for _, oid in wanted).encode())
    yield from _unpack(sorted(wanted), dict(_objects(blobs)))


def _skipped(path: str) -> bool:
    return any(part[:1] == "." or part in SKIPPED_FOLDERS for part in path.split("/")[:-1])


def _objects(stream: bytes) -> Iterator[tuple[str, bytes]]:
    position = 0
    while position < len(stream):
        end = stream.index(b"\n", position)
        oid, _, size = stream[position:end].split(b" ")
        start = end + 1
        yield oid.decode(), stream[start : start + int(size)]
        position = start + int(size) + 1


def _unpack(wanted: list[tuple[str, str]], blobs: dict[str, bytes]) -> Iterator[SourceFile]:
    for path, oid in wanted:
        yield SourceFile(path, blobs[oid])


def _git(root: Path, arguments: list[str], revision: str, stdin: bytes = b"") -> bytes:
    """Run git with a list of arguments, no pager, no prompt, no configured helpers."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=TIMEOUT, env=environment, check=False)
    except FileNotFoundError:
        raise ToolError("--base needs git, which is not on the PATH") from None
    except subprocess.TimeoutExpired:
        raise ToolError(f"git {arguments[0]} took longer than {TIMEOUT} s") from None
    if done.returncode != 0:
        text = done.stderr.decode(errors="replace").strip().splitlines()
        reason = text[0] if text else "unknown revision"
        hint = "fetch it first; a shallow clone may not hold it (actions/checkout: fetch-depth: 0)"
        raise InputError(f"cannot read revision `{revision}`: {reason}", path=str(root), hint=hint)
    return done.stdout
