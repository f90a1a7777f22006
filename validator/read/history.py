"""The repository as it was at a revision, read from git's objects; the work tree is not touched."""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from validator.errors import InputError, ToolError
from validator.read.files import MAX_BYTES, MAX_FILES, SKIPPED_FOLDERS, SourceFile, readable
from validator.read.texts import is_read

TIMEOUT = 120
"""Seconds that one git command may take."""
MAX_LINKS = 8
"""Links that are followed one after the other."""
_FILE, _PROGRAM, _LINK = b"100644", b"100755", b"120000"
_POINTERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git sets for its hooks: the repository is the one that holds the root, whatever called us."""
_SHALLOW = "fetch it first; a shallow clone may not hold it (actions/checkout: `fetch-depth: 0`)"


def files_at(root: Path, revision: str) -> Iterator[SourceFile]:
    """Yield the YAML files of a revision below `root`; raise InputError for an unknown one, ToolError without git."""
    if not revision or revision[0] in "-^" or not revision.isprintable():
        raise InputError(f"`{ascii(revision)[1:-1]}` is no revision", hint="give a branch, a tag or a commit")
    prefix = os.fsdecode(_git(root, ["rev-parse", "--show-prefix"], revision).removesuffix(b"\n"))
    commit = _git(root, ["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], revision).decode().strip()
    below = ["--", prefix] if prefix else []
    blobs, links = _listing(_git(root, ["ls-tree", "-r", "-z", "--full-tree", commit, *below], revision), prefix)
    targets = dict(_contents(root, revision, links.values()))
    found = {path: oid for path, oid in blobs.items() if is_read(path)}
    for path in links:
        if (target := _followed(path, links, targets)) in blobs:
            found[path] = blobs[target]
    wanted = sorted(found.items())[:MAX_FILES]
    data = dict(_contents(root, revision, [oid for _, oid in wanted]))
    yield from (SourceFile(readable(path), data[oid]) for path, oid in wanted if oid in data)


def _listing(listing: bytes, prefix: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return files and links below a prefix with their blobs; submodules and what the work tree skips are left out."""
    blobs: dict[str, str] = {}
    links: dict[str, str] = {}
    for entry in listing.split(b"\0"):
        head, _, name = entry.partition(b"\t")
        path = os.fsdecode(name)
        if not path.startswith(prefix) or _skipped(path[len(prefix) :]):
            continue
        fields = head.split()
        if fields and fields[0] in {_FILE, _PROGRAM}:
            blobs[path[len(prefix) :]] = fields[2].decode()
        elif fields and fields[0] == _LINK and is_read(path):
            links[path[len(prefix) :]] = fields[2].decode()
    return blobs, links


def _skipped(path: str) -> bool:
    return any(part[:1] == "." or part in SKIPPED_FOLDERS for part in path.split("/")[:-1])


def _followed(path: str, links: dict[str, str], targets: dict[str, bytes]) -> str:
    """Return the file that a link leads to, as a path below the root."""
    for _ in range(MAX_LINKS):
        if path not in links:
            break
        text = os.fsdecode(targets.get(links[path], b""))
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), text))
    return path


def _contents(root: Path, revision: str, wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the blobs that are short enough to be read, by their names."""
    names = sorted(set(wanted))
    asked = "".join(f"{oid}\n" for oid in names).encode()
    if not names:
        return
    short: list[str] = []
    for line in _git(root, ["cat-file", "--batch-check"], revision, asked).decode().splitlines():
        oid, kind, *size = line.split(" ")
        if not size:
            raise InputError(
                f"cannot read revision `{revision}`: object `{oid}` is {kind}", path=str(root), hint=_SHALLOW
            )
        if int(size[0]) <= MAX_BYTES:
            short.append(oid)
    stream = _git(root, ["cat-file", "--batch"], revision, "".join(f"{oid}\n" for oid in short).encode())
    position = 0
    while position < len(stream):
        start = stream.index(b"\n", position) + 1
        oid, _, length = stream[position : start - 1].decode().split(" ")
        yield oid, stream[start : start + int(length)]
        position = start + int(length) + 1


def _git(root: Path, arguments: list[str], revision: str, stdin: bytes = b"") -> bytes:
    """Run git with a list of arguments, no pager, no prompt, no configured helpers."""
    environment = {key: value for key, value in os.environ.items() if key not in _POINTERS}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=TIMEOUT, env=environment, check=False)
    except FileNotFoundError:
        raise ToolError("--base needs git, which is not on the PATH") from None
    except subprocess.TimeoutExpired:
        raise ToolError(f"git {arguments[0]} took longer than {TIMEOUT} s") from None
    if done.returncode != 0:
        text = done.stderr.decode(errors="replace").strip().splitlines()
        reason = text[0].removeprefix("fatal: ") if text else "unknown revision"
        raise InputError(
            f"cannot read revision `{revision}`: {reason}", path=str(root), hint=None if text else _SHALLOW
        )
    return done.stdout
