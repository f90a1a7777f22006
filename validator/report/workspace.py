"""Paths as a pipeline sees them: from the top of its checkout, of which the estate repository may be a folder.

Source: docs.github.com, default environment variables; docs.gitlab.com, predefined CI/CD variables.
"""

from __future__ import annotations

import os
from pathlib import Path

GITHUB, GITLAB = "GITHUB_WORKSPACE", "CI_PROJECT_DIR"


def folder(root: str, variable: str) -> str:
    """Return the folder of `root` below the checkout that a variable names, with `/` at its end; empty for the top."""
    top = os.environ.get(variable)
    if not top:
        return ""
    try:
        found = Path(root).resolve().relative_to(Path(top).resolve()).as_posix()
    except ValueError:
        return ""
    return "" if found == "." else f"{found}/"
