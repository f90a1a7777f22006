"""Files with keys in them: for their owner alone, made whole or not at all, and never where Git would take them along."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from pathlib import Path

from validator.errors import InputError, ToolError

MODE = 0o600
_POINTERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_CEILING_DIRECTORIES")
_TIMEOUT = 20


def check(path: Path, estate: Path | None, *, force: bool) -> None:
    """Raise InputError where a file with keys must not be written; `estate` is the root of its repository."""
    if str(path) in {"-", "/dev/stdout", "/dev/stderr"}:
        hint = "name a file, which is made readable by you alone"
        raise InputError("credentials are not written to a terminal or a pipe", path=str(path), hint=hint)
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError) as error:
        if not isinstance(error, FileNotFoundError):
            raise InputError(f"cannot be written: {_reason(error)}", path=str(path)) from None
    else:
        if not stat.S_ISREG(mode):
            raise InputError("is there already, and is no regular file", path=str(path))
        if not force:
            raise InputError("is there already", path=str(path), hint="--force replaces it")
    if not path.absolute().parent.is_dir():
        raise InputError("cannot be written: its folder does not exist", path=str(path))
    _outside_git(path, estate)


def write(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file that nobody else can read; one that is there stays, unless `force` is given."""
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(temporary, flags, MODE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if force:
                temporary.replace(path)
            else:
                os.link(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        hint = "--force replaces it" if error.errno == errno.EEXIST else None
        raise InputError(f"cannot be written: {_reason(error)}", path=str(path), hint=hint) from None


def _outside_git(path: Path, estate: Path | None) -> None:
    folder = path.absolute().parent.resolve()
    hint = "write it elsewhere, or to a name that `.gitignore` lists, such as `members.kubeconfig`"
    if not any((place / ".git").exists() for place in (folder, *folder.parents)):
        if estate is not None and folder.is_relative_to(estate.resolve()):
            message = (
                "is in the folder of the estate, which is no Git repository yet: it would be committed with the rest"
            )
            raise InputError(message, path=str(path), hint="write it outside of the estate's folder")
        return
    if not _ignored(folder, path.name):
        raise InputError("is in a Git repository that does not ignore it", path=str(path), hint=hint)


def _ignored(folder: Path, name: str) -> bool:
    environment = {key: value for key, value in os.environ.items() if key not in _POINTERS}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    command = ["git", "-C", str(folder), "-c", "core.fsmonitor=false", "check-ignore", "--quiet", "--", name]
    hint = "write it outside of any Git repository"
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT, env=environment, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise ToolError(
            "git is needed to see whether it ignores the file", path=str(folder / name), hint=hint
        ) from None
    if done.returncode not in (0, 1):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reason = said[0].removeprefix("fatal: ") if said else f"exit code {done.returncode}"
        raise ToolError(f"git cannot tell whether it ignores the file: {reason}", path=str(folder / name), hint=hint)
    return done.returncode == 0


def _reason(error: OSError | ValueError) -> str:
    number = getattr(error, "errno", None)
    return os.strerror(number).lower() if number else "not a file name"
