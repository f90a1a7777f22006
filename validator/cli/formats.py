"""What every verb that reports does with `--format` and `--output`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from validator.finding import Severity
from validator.report import FORMATS, write

if TYPE_CHECKING:
    from validator.runner import Report


Command = TypeVar("Command", bound=Callable[..., Any])


def reporting(command: Command) -> Command:
    """Give a command the options `--format` and `--output`, as `formats` and `outputs`."""
    output = click.option("--output", "outputs", multiple=True, help="Where the report goes, `-` for standard output.")
    chosen = click.Choice(sorted(FORMATS))
    told = "Report format; repeat in pairs with --output."
    return click.option("--format", "formats", multiple=True, type=chosen, help=told)(output(command))


failing = click.option(
    "--fail-on",
    type=click.Choice([one.value for one in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="Lowest severity that makes the exit code 1.",
)
"""The option `--fail-on`, where no settings file has a say in it."""


def paired(formats: tuple[str, ...], outputs: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return each format with the output that stands at the same place, the rest with standard output."""
    if len(outputs) > len(formats):
        raise click.UsageError("more --output than --format: give them in pairs")
    return list(zip(formats, (*outputs, *("-" for _ in range(len(formats) - len(outputs)))), strict=True))


def write_all(report: Report, formats: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    """Write a report in each format to its output."""
    for format, output in paired(formats or _usual(), outputs):
        write(report, format, output)
    sys.stdout.flush()


def _usual() -> tuple[str, ...]:
    return ("github",) if os.environ.get("GITHUB_ACTIONS") == "true" and "github" in FORMATS else ("text",)
