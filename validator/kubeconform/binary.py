"""Find kubeconform, and see that its version is one whose messages we can read."""

from __future__ import annotations

import mmap
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from validator import resources
from validator.errors import ToolError

VERSION = "0.7.0"
"""The release that `validator.kubeconform.install` installs."""
OLDEST = (0, 7)
"""Earlier releases word their messages in another way (another JSON Schema library)."""
VARIABLE = "ESTATE_KUBECONFORM"
NAME = "kubeconform.exe" if sys.platform == "win32" else "kubeconform"
INSTALL = "python -m validator.kubeconform.install"
_BUILD = re.compile(rb"mod\tgithub\.com/yannh/kubeconform\tv([0-9][0-9A-Za-z.+-]*)")


def own_folder() -> Path:
    """Return where kubeconform is installed: `.tools/bin` of a checkout, else a folder of the user's data."""
    if not resources.DATA.is_dir():
        return resources.PACKAGE.parent / ".tools" / "bin"
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or "~/.local/share"
    return Path(base).expanduser() / "gslb-estate" / "bin"


def find() -> Path | None:
    """Return the binary: the one that `$ESTATE_KUBECONFORM` names, else from PATH, else from our own folder.

    Raise ToolError where the variable names no program.
    """
    if named := os.environ.get(VARIABLE):
        found = shutil.which(named)
        if found is None:
            raise ToolError(f"`{VARIABLE}` names `{named}`, which is no program", hint="unset it, or name kubeconform")
        return Path(found).absolute()
    for folder in (None, str(own_folder())):
        if found := shutil.which(NAME, path=folder):
            return Path(found).absolute()
    return None


def locate(mode: str) -> Path | None:
    """Return the binary for a mode (`auto`, `off`, `require`); None means that the built-in engine works alone.

    Raise ToolError where it is required and missing.
    """
    if mode == "off":
        return None
    found = find()
    if found is None and mode == "require":
        raise ToolError(
            f"kubeconform is required and is neither on PATH nor in `{own_folder()}`",
            hint=f"install it with `{INSTALL}` (in a checkout: `make tools`), or leave it to `--kubeconform auto`",
        )
    return found


def version(binary: Path) -> str | None:
    """Return the version of a kubeconform; None where it does not tell. Raise ToolError where it does not run."""
    try:
        done = subprocess.run([str(binary), "-v"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(
            f"`{binary}` does not run: {_reason(error)}", hint="is it kubeconform for this machine?"
        ) from error
    told = done.stdout.decode("utf-8", "replace").strip().removeprefix("v")
    # `go install` leaves the release out of what the program says, and in what Go notes in the file.
    return told if re.match(r"[0-9]", told) else _noted(binary)


def check_version(binary: Path) -> None:
    """Raise ToolError where kubeconform is too old for its results to be read."""
    told = version(binary)
    numbers = re.match(r"(\d+)\.(\d+)", told or "")
    if numbers and (int(numbers[1]), int(numbers[2])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise ToolError(
            f"kubeconform `{told}` at `{binary}` is too old, {oldest} or later is needed",
            hint=f"install {VERSION} with `{INSTALL}` and take the old one from PATH, or use `--kubeconform off`",
        )


def _noted(binary: Path) -> str | None:
    try:
        with binary.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found = _BUILD.search(data)
            return found[1].decode() if found else None
    except (OSError, ValueError):
        return None


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no answer in {error.timeout:.0f} seconds"
    return getattr(error, "strerror", None) or str(error)
