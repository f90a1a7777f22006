"""Turn the template's files into a repository: one pass, one Jinja environment, every template compiled once.

A part of a path that begins with `_` is a pattern:

    _site, _cluster, _release, _app, _secret, _standby, _zone, _deployment    once for each, named after it
    _<condition>                                          only where `when` says so; the folder itself disappears
    _parts                                                never written: what other files include
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from validator import __version__, resources
from validator.errors import EstateError
from validator.estate_file import ESTATE_FILE, declared
from validator.lifecycle.view import plugin, view
from validator.lifecycle.yaml_text import yaml_text
from validator.read.exact import load_all

Data = dict[str, Any]

LOCK = ".estate/lock.json"
SCHEMA = ".estate/estate.schema.json"
PARTS = "_parts"
LISTS = {
    "site": ("estate", "sites"),
    "cluster": ("site", "clusters"),
    "release": ("cluster", "releases"),
    "app": ("cluster", "served"),
    "standby": ("estate", "standby"),
    "zone": ("estate", "zones"),
    "deployment": ("site", "deployments"),
}
SCOPES = ("app", "release", "cluster", "site", "estate")
"""From the innermost: where `_secret` and conditions are looked up."""
_PATTERN = re.compile(r"_([a-z][a-z-]*)(?=\.|$)")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_MODELINE = re.compile(r"(# yaml-language-server: \$schema=)(?!https?:|file:|/)\S*estate\.schema\.json")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the template: its path, its text, its permissions."""

    path: str
    text: str
    mode: int


def expand(folder: Path) -> None:
    """Replace the template's files in `folder` by the repository of its `estate.yaml`."""
    sources = [source for source in read_sources(folder) if source.path != ESTATE_FILE]
    text = (folder / ESTATE_FILE).read_bytes().decode("utf-8")
    files = repository(text, sources)
    for child in folder.iterdir():
        if child.name != ".git":
            shutil.rmtree(child) if child.is_dir() else child.unlink()
    made: set[Path] = set()
    for path, (content, mode) in files.items():
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(content)
        if mode & 0o111:
            target.chmod(target.stat().st_mode | 0o111)


def read_sources(folder: Path) -> list[Source]:
    """Return the template's files under `folder`, sorted by path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    relative = ((path, path.relative_to(folder).as_posix()) for path in found)
    return [
        Source(name, path.read_text(encoding="utf-8"), path.stat().st_mode)
        for path, name in relative
        if not name.startswith(".git/")
    ]


def local_modeline(text: str) -> str:
    """Return an estate file whose modeline, where it has a relative one, names the schema beside it."""
    return _MODELINE.sub(rf"\g<1>{SCHEMA}", text, count=1)


def repository(text: str, sources: list[Source]) -> dict[str, tuple[bytes, int]]:
    """Return the files of the repository of an estate file, with content and permissions."""
    text = local_modeline(text)
    (tree,) = load_all(text.encode(), ESTATE_FILE)
    estate = view(declared.resolve(tree.value))
    engine = environment(sources)
    files: dict[str, tuple[bytes, int]] = {ESTATE_FILE: (text.encode(), 0)}
    for source in sources:
        if source.path.startswith(f"{PARTS}/"):
            continue
        template = engine.get_template(source.path)
        for path, scope in _places(source.path.split("/"), {"estate": estate}):
            if path in files:
                raise EstateError(f"two files of the template make `{path}`", path=source.path)
            content = template.render(scope, api=estate["api"], plugin=plugin(estate))
            files[path] = (content.encode(), source.mode)
    schema = resources.schemas() / "estate.schema.json"
    files[SCHEMA] = (schema.read_bytes(), 0)
    files[LOCK] = (_lock(text, files), 0)
    return files


def environment(sources: list[Source]) -> Environment:
    """Return the engine that renders the template's files."""
    engine = Environment(
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # YAML and Markdown, not HTML; values pass the `yaml` filter
        loader=DictLoader({source.path: source.text for source in sources}),
        cache_size=-1,
    )
    engine.filters["yaml"] = yaml_text
    engine.filters["json"] = _json
    return engine


def _places(parts: list[str], scope: Data) -> Iterator[tuple[str, Data]]:
    """Yield every path that a path of the template stands for, with the variables there."""
    for index, part in enumerate(parts):
        found = _PATTERN.match(part)
        if found is None:
            continue
        name, rest = found[1], part[found.end() :]
        items = _items(name, scope)
        if items is None:
            if _applies(name, scope):
                yield from _places([*parts[:index], *parts[index + 1 :]], scope)
            return
        for item in items:
            named = f"{item.get('file', item['name'])}{rest}"
            if not _SAFE.fullmatch(named):
                raise EstateError(f"`{named}` is no name for a file", hint="letters, digits, `.`, `_` and `-`")
            variable = "app" if name == "standby" else name
            yield from _places([*parts[:index], named, *parts[index + 1 :]], {**scope, variable: item})
        return
    yield "/".join(parts), scope


def _items(name: str, scope: Data) -> list[Data] | None:
    if name == "secret":
        owner = next(key for key in SCOPES if key in scope and "secrets" in scope[key])
        found: list[Data] = scope[owner]["secrets"]
        return found
    if name not in LISTS:
        return None
    owner, key = LISTS[name]
    listed: list[Data] = scope[owner][key]
    return listed


def _applies(condition: str, scope: Data) -> bool:
    for key in SCOPES:
        when = scope.get(key, {}).get("when", {})
        if condition in when:
            return bool(when[condition])
    raise EstateError(f"`_{condition}` is no pattern of the template")


def _lock(text: str, files: dict[str, tuple[bytes, int]]) -> bytes:
    """Return the record of what was rendered from what: the base of a later update."""
    record = {
        "version": 1,
        "template": {"name": "gslb-estate", "version": __version__},
        "inputs": {ESTATE_FILE: text.split("\n")},
        "files": {path: hashlib.sha256(content).hexdigest() for path, (content, _) in sorted(files.items())},
    }
    return (_json(record) + "\n").encode()


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
