"""A rendered estate as texts by path: what a variant changes before it is written to a folder and checked."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from validator.lifecycle.render import render
from validator.values import stamped

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
Data = dict[str, Any]


class Tree:
    """The files of one repository."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def paths(self, pattern: str) -> list[str]:
        """Return the paths that match a shell pattern; a pattern that matches nothing is a mistake of the variant."""
        found = [path for path in sorted(self.files) if fnmatch.fnmatchcase(path, pattern)]
        assert found, f"nothing matches {pattern}"
        return found

    def edit(self, pattern: str, old: str, new: str) -> None:
        """Replace a text wherever it stands in files that match; it must stand in every one of them."""
        for path in self.paths(pattern):
            assert old in self.files[path], f"{old!r} is not in {path}"
            self.files[path] = self.files[path].replace(old, new)

    def append(self, pattern: str, text: str) -> None:
        """Put documents at the end of files that match."""
        for path in self.paths(pattern):
            self.files[path] = f"{self.files[path].rstrip()}\n---\n{text.lstrip()}"

    def remove(self, pattern: str) -> None:
        for path in self.paths(pattern):
            del self.files[path]

    def move(self, old: str, new: str) -> None:
        """Give a folder another name; everything that says its path follows."""
        text = {path: content.replace(f"{old}/", f"{new}/") for path, content in self.files.items()}
        self.files = {path.replace(f"{old}/", f"{new}/"): content for path, content in text.items()}

    def documents(self, path: str) -> list[Data]:
        return [found for found in yaml.safe_load_all(self.files[path]) if found is not None]

    def change(self, pattern: str, kind: str, way: Callable[[Data], object]) -> None:
        """Let `way` change every object of a kind in files that match, in place."""
        changed = 0
        for path in self.paths(pattern):
            documents = self.documents(path)
            wanted = [found for found in documents if found.get("kind") == kind]
            for found in wanted:
                way(found)
            if wanted:
                changed += len(wanted)
                self.files[path] = dump(documents)
        assert changed, f"no {kind} in {pattern}"

    def values(self, chart: str, way: Callable[[Data], object]) -> None:
        """Let `way` change the values of every release of a chart; their checksum follows."""

        def release(found: Data) -> None:
            for place, key in _values(found, chart):
                way(place[key])
                place[key] = stamped(place[key])

        for kind, pattern in (("HelmRelease", "*/release.yaml"), ("Application", "*/application.yaml")):
            if any(fnmatch.fnmatchcase(path, pattern) for path in self.files):
                self.change(pattern, kind, release)

    def clusters(self) -> list[str]:
        """Return the folders of the workload clusters."""
        end = "/ako/kustomization.yaml"
        return sorted(path.removesuffix(end) for path in self.files if path.endswith(end) and "/secrets/" not in path)

    def save(self, folder: Path) -> Path:
        for path, text in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())
        return folder


def _values(found: Data, chart: str) -> Iterator[tuple[Data, str]]:
    spec = found["spec"]
    if found["kind"] == "HelmRelease" and found["metadata"]["name"] == chart:
        yield spec, "values"
    for source in spec.get("sources", []) if found["kind"] == "Application" else []:
        if source.get("chart") == chart:
            yield source["helm"], "valuesObject"


def dump(documents: list[Data]) -> str:
    return "---\n".join(yaml.safe_dump(found, sort_keys=False, width=4096) for found in documents)


@cache
def example(name: str) -> Data:
    """Return an estate file of the examples; callers copy it before they change it."""
    found: Data = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def rendered(estate: Data) -> Tree:
    """Render an estate; it must be a right one."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "estate.yaml"
        file.write_text(yaml.safe_dump(estate, sort_keys=False), encoding="utf-8")
        made = render(file, Path(folder) / "made")
        return Tree({path.relative_to(made).as_posix(): path.read_text() for path in made.rglob("*") if path.is_file()})


@cache
def _rendered_example(name: str) -> dict[str, str]:
    return rendered(example(name)).files


def rendered_example(name: str) -> Tree:
    """Return a fresh copy of a rendered example."""
    return Tree(dict(_rendered_example(name)))
