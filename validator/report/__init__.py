"""Reports: one module per format, each a function from a Report to text."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

from validator.errors import InputError

if TYPE_CHECKING:
    from validator.runner import Report

FORMATS = {
    "text": "validator.report.text",
    "json": "validator.report.json",
    "sarif": "validator.report.sarif",
    "junit": "validator.report.junit",
    "github": "validator.report.github",
    "gitlab": "validator.report.gitlab",
    "markdown": "validator.report.markdown",
}
"""Format and the module that renders it; modules are imported on use."""


def write(report: Report, format: str, output: str) -> None:
    """Write a report to a file, or to standard output for `-`; a file is replaced whole or not at all."""
    render = importlib.import_module(FORMATS[format]).render
    if output == "-":
        colour = format == "text" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        text = render(report, colour=colour) if format == "text" else render(report)
        sys.stdout.write(text)
        return
    temporary = f"{output}.{os.getpid()}.part"
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(render(report))
        os.replace(temporary, output)
    except OSError as error:
        raise InputError(f"report cannot be written: {(error.strerror or 'error').lower()}", path=output) from None
