"""What cookiecutter's hooks do; the scripts under hooks/ only find this module.

Hooks run with cookiecutter's own interpreter, where nothing else may be installed: standard library, PyYAML and Jinja only.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

from validator.errors import EstateError
from validator.estate_file import ESTATE_FILE
from validator.estate_file.reading import read
from validator.lifecycle import expand, questions

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


def pre_prompt(template: Path) -> None:
    """Put the estate file that ESTATE_FILE names into the temporary copy of the template."""
    name = os.environ.get("ESTATE_FILE")
    try:
        questions.configure(template, read(_given(name)) if name else None)
    except EstateError as error:
        _fail([str(error)], template)


def _given(name: str) -> Path:
    path = Path(os.environ.get("PWD", os.sep), name)
    if not path.is_absolute() or (not Path(name).is_absolute() and not path.exists()):
        raise EstateError(f"ESTATE_FILE=`{name}` is not there", path=str(path), hint="give its absolute path")
    return path


def pre_gen(context: dict[str, Any], folder: Path, template: Path) -> None:
    """Refuse a name that leaves the folder, an estate that configuration has changed, a folder with something in it."""
    name = context.get("repo")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        _fail(
            [
                f"`repo` is `{name}`, a folder name has letters, digits, `.`, `_` and `-` and begins with a letter or digit"
            ],
            template,
        )
    if any(child.name != ".git" for child in folder.iterdir()):
        _fail([f"`{folder.name}` is not empty: a rendering over it would keep what the estate no longer has"], template)
    try:
        found = questions.flaws(context)
    except EstateError as error:
        found = [str(error)]
    if found:
        _fail(found, template)


def post_gen(answers: dict[str, Any], folder: Path, template: Path) -> None:
    """Make the repository of the files that cookiecutter copied."""
    path = folder / ESTATE_FILE
    try:
        text = questions.chosen(path.read_bytes().decode("utf-8"), answers)
        path.write_bytes(text.encode())
        expand.expand(folder)
    except EstateError as error:
        _fail([str(error)], template)


def _fail(lines: list[str], template: Path) -> NoReturn:
    _forget_copy(template)
    sys.exit("\n".join(lines))


def _forget_copy(template: Path) -> None:
    """Remove the copy that cookiecutter leaves behind when a hook fails."""
    holder = template.parent
    if holder.parent == Path(tempfile.gettempdir()).resolve() and holder.name.startswith("cookiecutter"):
        shutil.rmtree(holder, ignore_errors=True)


def forget_script(script: Path) -> None:
    """Remove the rendered script that cookiecutter leaves behind."""
    if script.parent.resolve() == Path(tempfile.gettempdir()).resolve():
        script.unlink(missing_ok=True)
