"""What kubeconform said, matched to documents and turned into the problems that the built-in engine gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from validator import schema
from validator.errors import ToolError
from validator.kubeconform.message import faults
from validator.schema import engine
from validator.schema.kinds import find
from validator.schema.problem import Pointer, SchemaProblem
from validator.schema.wording import describe


class Result(NamedTuple):
    """One object as kubeconform reports it; `status` is valid, invalid, error, skipped or empty."""

    path: str
    api_version: str
    kind: str
    name: str
    status: str
    message: str


class Verdicts:
    """Results by the only things that kubeconform tells of an object: file, version, kind and name."""

    def __init__(self, results: Iterable[Result], failure: ToolError | None = None) -> None:
        self.results = sorted(results)
        self.failure = failure
        self._found: defaultdict[tuple[str, str, str, str], list[Result]] = defaultdict(list)
        for result in self.results:
            self._found[result[:4]].append(result)

    @property
    def errors(self) -> list[Result]:
        """Return what kubeconform could not read; our own reader tells why, and where."""
        return [result for result in self.results if result.status == "error"]

    def problems(self, path: str, value: Any, *, partial: bool = False) -> list[SchemaProblem]:
        """Return what is wrong with a document of a file; `path` is POSIX and relative to the root.

        The built-in engine answers for what kubeconform did not judge, and where one file holds two objects of the
        same kind and name, which kubeconform does not tell apart. `partial` as for `schema.check`.
        """
        if not isinstance(value, dict):
            return []
        found = []
        for prefix, api_version, kind, item in schema.members(_text(value, "apiVersion"), _text(value, "kind"), value):
            if not schema.known(api_version, kind):
                # A hostile kind can lead kubeconform to a schema that is none of ours; its word on that does not count.
                continue
            results = self._found.get((path, api_version, kind, _name(item)), [])
            if results and all(result.status == "valid" for result in results):
                continue
            if len(results) == 1 and results[0].status == "invalid":
                found += _problems(results[0], item, prefix, partial)
            else:
                found += _moved(schema.check(api_version, kind, item, partial=partial), prefix)
        return found


def _problems(result: Result, value: Any, prefix: Pointer, partial: bool) -> list[SchemaProblem]:
    kind = find(result.api_version, result.kind)
    if kind is not None:
        # Where the message is not one that we can read, the built-in engine says why.
        told = faults(result.message, value) or engine.faults(kind, value)
        if told:
            return describe(kind, value, told, prefix, partial=partial)
    text = "kubeconform refuses the document, and its reason cannot be read; run kubeconform on the file to see it"
    return [SchemaProblem(prefix, "kubeconform", text)]


def _moved(problems: list[SchemaProblem], prefix: Pointer) -> list[SchemaProblem]:
    if not prefix:
        return problems
    return [SchemaProblem(prefix + problem.pointer, problem.keyword, problem.message) for problem in problems]


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _name(value: dict[str, Any]) -> str:
    """Return the name that kubeconform gives an object."""
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    if generated := _text(metadata, "generateName"):
        return generated + "{{ generateName }}"
    return _text(metadata, "name")
