"""Files of Terraform, looked through line by line: assignments of secrets, and nothing of the language beyond that.

A file is no HCL to us but text: every line is read on its own, in time that grows with its length, and a value never
leaves this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from validator.read.documents import Document, Ref
from validator.read.exact import Node, Tree
from validator.read.files import SourceFile
from validator.read.texts import TERRAFORM
from validator.secrets.placeholder import is_placeholder

STATES = (".tfstate", ".tfstate.backup")
LONGEST = 4096
"""Characters of a line that are looked at."""
_KEY = r"[\w-]{0,80}(?:pass(?:word|wd|phrase)|pwd|token)"
_ASSIGNED = re.compile(rf'(?:^|[\s{{,])"?(?P<name>{_KEY})"?\s*[=:]\s*"(?P<value>(?:[^"\\]|\\.)*)"', re.IGNORECASE)
_VARIABLE = re.compile(rf'^\s*variable\s+"(?P<name>{_KEY})"\s*\{{?(?P<rest>.*)$', re.IGNORECASE)
_DEFAULT = re.compile(r'^[\s{]*(?:.*?[\s{;])?default\s*=\s*"(?P<value>(?:[^"\\]|\\.)*)"')
_BLOCK = re.compile(r"^\s*(?:variable|resource|provider|data|module|output|locals|terraform)\b")


@dataclass(frozen=True, slots=True)
class Exposed:
    """A secret in the open: its name and its place, 1-based."""

    name: str
    line: int
    column: int


def of_avi(files: Iterable[SourceFile]) -> list[SourceFile]:
    """Return the files in folders where Terraform configures Avi, without states."""
    read = [
        file for file in files if not file.problem and file.path.endswith(TERRAFORM) and not file.path.endswith(STATES)
    ]
    folders = {_folder(file) for file in read if b"avi" in file.data and file.path.endswith(".tf")}
    return [file for file in read if _folder(file) in folders]


def _folder(file: SourceFile) -> str:
    return file.path.rpartition("/")[0]


def exposed(file: SourceFile) -> Iterator[Exposed]:
    """Yield the secrets that a file assigns in the open."""
    variable = ""
    for number, line in enumerate(file.data.decode("utf-8", "replace").splitlines(), 1):
        text = line[:LONGEST]
        if not variable and not _tells(text.lower()):
            continue  # as most lines are
        if text.lstrip().startswith(("#", "//")):
            continue
        if match := _VARIABLE.match(text):
            variable = match["name"]
            if (found := _DEFAULT.match(match["rest"])) and _is_real(found["value"]):
                yield Exposed(variable, number, match.start("rest") + found.start("value") + 1)
            continue
        if _BLOCK.match(text):
            variable = ""
        for match in _ASSIGNED.finditer(text):
            if _is_real(match["value"]):
                yield Exposed(match["name"], number, match.start("value") + 1)
        if variable and (match := _DEFAULT.match(text)) and _is_real(match["value"]):
            yield Exposed(variable, number, match.start("value") + 1)


def _tells(text: str) -> bool:
    """Return whether a line in lower case may name a secret."""
    return "pass" in text or "pwd" in text or "token" in text


def _is_real(value: str) -> bool:
    return "${" not in value and "%{" not in value and not is_placeholder(value)


def place(path: str, line: int, column: int) -> Ref:
    """Return a place in a file that is no document."""
    return Ref(Document(path, 0, 0, b"", None, _tree=Tree(Node(None, line, column), line)))
