"""Render an estate through cookiecutter's own API: the same files, byte for byte, as the `cookiecutter` command makes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from validator import resources
from validator.errors import EstateError, InputError
from validator.estate_file import reading
from validator.lifecycle import expand, questions

Check = Callable[[Path], None]


def render(estate: Path | None, target: Path | None = None, *, check: Check | None = None) -> Path:
    """Make the repository of an estate file, of the lab without one, at `target`, by default the folder of its name.

    `check` sees the finished repository before it is moved into place, and may raise. Whatever fails, nothing is left.
    Raise EstateFileError with all problems of the file; InputError where `target` exists or cannot be made.
    """
    text = None if estate is None else reading.read(estate)
    with resources.template() as template:
        questions.configure(template, text)
        name = questions.name_of(template)
        place = Path(os.path.abspath(target if target is not None else name))  # noqa: PTH100  # keeps links in the path
        _free(place)
        with _beside(place) as room:
            made = _generate(template, room, name)
            if check is not None:
                check(made)
            _move(made, place)
    return place


def _free(place: Path) -> None:
    if os.path.lexists(place):
        hint = "give another folder with `--output`; what is there stays as it is"
        raise InputError("is there already", path=str(place), hint=hint)
    for parent in place.parents:
        if os.path.lexists(parent):
            if not parent.is_dir():
                raise InputError(f"cannot be made: `{parent}` is not a folder", path=str(place))
            return


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """Give a temporary folder on the file system of `place`, so that one rename moves what is made there."""
    nearest = next(parent for parent in place.parents if parent.is_dir())
    try:
        room = Path(tempfile.mkdtemp(prefix=".estate-new-", dir=nearest))
    except OSError as error:
        raise InputError(f"cannot be made: {_reason(error)}", path=str(place)) from None
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _generate(template: Path, room: Path, name: str) -> Path:
    """Let cookiecutter make its tree, then expand it in this process: what the hooks do, without starting them."""
    from cookiecutter.main import cookiecutter

    private = {"replay_dir": str(room / "replay"), "cookiecutters_dir": str(room / "templates")}
    try:
        output = room / "made"
        made = Path(
            cookiecutter(
                str(template),
                no_input=True,
                accept_hooks=False,
                output_dir=str(output),
                default_config={**private, "default_context": {"repo": name}},
            )
        )
        expand.expand(made)
    except OSError as error:
        raise EstateError(f"cannot be written: {_reason(error)}", path=str(error.filename or room)) from None
    return made


def _move(made: Path, place: Path) -> None:
    new = [parent for parent in place.parents if not parent.exists()]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _free(place)
        made.rename(place)
    except (OSError, InputError) as error:
        for parent in new:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot be made: {_reason(error)}", path=str(place)) from None


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else str(error)
