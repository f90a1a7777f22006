"""Run a program that encrypts: clear text goes in by a pipe, and nothing of it comes back in a message."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from validator.errors import ToolError

TIMEOUT = 120
"""Seconds; a key service far away may be slow."""
_LINES = 5
_WORDS = re.compile(r"[A-Za-z0-9+/=_.-]{8,}")


def encrypt(command: list[str], clear: bytes, folder: Path, hint: str) -> bytes:
    """Return what a program makes of clear text; raise ToolError where it is missing, fails or takes too long."""
    name = command[0]
    found = shutil.which(name)
    if found is None:
        raise ToolError(f"`{name}` is needed and is not on the PATH", hint=hint)
    try:
        done = subprocess.run(
            [found, *command[1:]], input=clear, capture_output=True, timeout=TIMEOUT, cwd=folder, check=False
        )
    except OSError as error:
        raise ToolError(f"`{name}` does not run: {(error.strerror or 'error').lower()}", hint=hint) from None
    except subprocess.TimeoutExpired:
        raise ToolError(f"`{name}` took longer than {TIMEOUT} s; nothing was written") from None
    if done.returncode != 0:
        said = _without(done.stderr.decode(errors="replace"), clear.decode(errors="replace"))
        raise ToolError(f"`{name}` failed with exit code {done.returncode}, nothing was written{said}", hint=hint)
    return done.stdout


def _without(text: str, clear: str) -> str:
    """Return the first lines of what a program said, without any word of the clear text that could be a secret."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][:_LINES]
    told = _WORDS.sub(lambda word: "..." if word[0] in clear else word[0], "; ".join(lines))
    return f": {told[:600]}" if told else ""
