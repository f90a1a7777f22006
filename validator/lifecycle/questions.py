"""The template's `cookiecutter.json`: its questions, and the estate that it carries.

`python -m validator.lifecycle.questions` writes it again from `examples/lab.yaml`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from validator.errors import EstateError
from validator.estate_file import ESTATE_FILE, declared
from validator.estate_file.reading import problems_in
from validator.lifecycle.expand import local_modeline
from validator.read.exact import Tree, load_all

Data = dict[str, Any]

CONFIG = "cookiecutter.json"
HOOKS_RAN = "_this_template_needs_its_hooks"
"""Set by the hook that runs first and read by the one file that cookiecutter renders: without hooks there is no estate."""
CHOICES = {
    "engine": (("engine",), ("flux", "argocd")),
    "secrets": (("secrets", "backend"), ("sops", "sealed-secrets", "external-secrets")),
}
"""Questions that the lab asks: where their answer stands in the estate file, and what it may be."""
_PROMPTS = {
    "repo": "Name of the folder",
    "engine": {"__prompt__": "GitOps engine", "flux": "Flux", "argocd": "Argo CD"},
    "secrets": {
        "__prompt__": "Where secrets come from",
        "sops": "SOPS with age: encrypted in this repository",
        "sealed-secrets": "Sealed Secrets: encrypted for each cluster",
        "external-secrets": "External Secrets: fetched from a store",
    },
}
_DELIMITERS = {
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "block_start_string": "<%",
    "block_end_string": "%>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
    "trim_blocks": True,
    "lstrip_blocks": True,
}
_NESTED = '<% if "/" in cookiecutter.repo.removeprefix("../") %><< cookiecutter._repo_must_be_one_folder >><% endif %>'
"""Ends the run before anything is made: cookiecutter would leave the outer folders of `a/b` behind when a hook refuses it."""
_COPIED = [".*", "_*", "README.md", "avi", "dns", "sites"]
"""Everything but the estate file: our own pass renders it, once the estate is known."""


def config(text: str, *, ask: bool) -> Data:
    """Return the content of `cookiecutter.json` for an estate file; `ask` for engine and secrets, as the lab does."""
    estate = declared.resolve(_tree(text).value)
    answers = {"engine": estate["engine"], "secrets": estate["secrets"]["backend"]}
    choices = {
        name: [answers[name], *(item for item in options if item != answers[name])]
        for name, (_, options) in CHOICES.items()
        if ask
    }
    return {
        "repo": estate["name"],
        "__one_folder": _NESTED,
        **choices,
        "_estate": estate,
        "_source": text.split("\n"),
        "_copy_without_render": _COPIED,
        "_jinja2_env_vars": _DELIMITERS,
        "__prompts__": {name: prompt for name, prompt in _PROMPTS.items() if name == "repo" or ask},
    }


def configure(template: Path, text: str | None) -> None:
    """Put an estate file into a copy of the template; without one it keeps the lab and its questions."""
    path = template / CONFIG
    content: Data = json.loads(path.read_text(encoding="utf-8")) if text is None else config(text, ask=False)
    path.write_text(json.dumps({**content, HOOKS_RAN: True}), encoding="utf-8")


def name_of(template: Path) -> str:
    """Return the folder name that a copy of the template would make."""
    name: str = json.loads((template / CONFIG).read_text(encoding="utf-8"))["repo"]
    return name


def chosen(text: str, answers: Data) -> str:
    """Return an estate file with the answers of the questions in it; everything else stays as it is."""
    for name, (pointer, options) in CHOICES.items():
        wanted = answers.get(name)
        if wanted is None:
            continue
        if wanted not in options:
            raise EstateError(f"`{wanted}` is no answer for `{name}`, there are {', '.join(options)}")
        text = _replaced(text, pointer, wanted)
    return text


def _replaced(text: str, pointer: tuple[str, ...], wanted: str) -> str:
    tree = _tree(text)
    found: Any = tree.value
    for step in pointer:
        found = found[step]
    line, column = tree.locate(pointer)
    lines = text.split("\n")
    before, behind = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    if found == wanted:
        return text
    if not behind.startswith(found):
        raise EstateError(f"cannot write `{wanted}` in place of `{found}`", path=ESTATE_FILE, line=line, column=column)
    lines[line - 1] = f"{before}{wanted}{behind.removeprefix(found)}"
    return "\n".join(lines)


def flaws(context: Data) -> list[str]:
    """Say what configuration or arguments made of the estate that this template carries."""
    lines, estate = context.get("_source"), context.get("_estate")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return ["`_source` is not the lines of an estate file: take it out of your cookiecutter configuration"]
    text = "\n".join(lines)
    if found := problems_in(text.encode(), ESTATE_FILE):
        return list(map(str, found))
    if declared.resolve(_tree(text).value) != estate:
        message = (
            "`_estate` is not what `_source` says: something overrides it, such as `default_context` in your "
            "cookiecutter configuration; give an estate by ESTATE_FILE=<file>, or use `estate new <file>`"
        )
        return [message]
    return list(map(str, problems_in(chosen(text, context).encode(), ESTATE_FILE)))


def _tree(text: str) -> Tree:
    (tree,) = load_all(text.encode(), ESTATE_FILE)
    return tree


def lab() -> str:
    """Return the lab's estate file as the template carries it."""
    path = Path(__file__).resolve().parents[2] / "examples" / "lab.yaml"
    return local_modeline(path.read_bytes().decode("utf-8"))


def main() -> None:
    """Write `cookiecutter.json` for the lab."""
    path = Path(__file__).resolve().parents[2] / CONFIG
    path.write_text(json.dumps(config(lab(), ask=True), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
