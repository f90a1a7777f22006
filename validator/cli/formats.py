"""What every verb that reports does with `--format` and `--output`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from validator.report import FORMATS, write

if TYPE_CHECKING:
    from validator.runner import Report


def write_all(report: Report, formats: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    """Write a report in each format to the output that stands at the same place, the rest to standard output."""
    formats = formats or _usual()
    if len(outputs) > len(formats):
        raise click.UsageError("more --output than --format: give them in pairs")
    for format, output in zip(formats, (*outputs, *("-" for _ in range(len(formats) - len(outputs)))), strict=True):
        write(report, format, output)
    sys.stdout.flush()


def _usual() -> tuple[str, ...]:
    return ("github",) if os.environ.get("GITHUB_ACTIONS") == "true" and "github" in FORMATS else ("text",)
