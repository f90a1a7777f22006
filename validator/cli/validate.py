"""`estate validate`: check a repository."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from validator.finding import Severity
from validator.report import FORMATS, write


@click.command("validate")
@click.argument("root", type=click.Path(path_type=Path), default=".")
@click.option("--format", "formats", multiple=True, type=click.Choice(sorted(FORMATS)), help="Report format; repeat in pairs with --output.")
@click.option("--output", "outputs", multiple=True, help="Where the report goes, `-` for standard output.")
@click.option("--fail-on", type=click.Choice([*Severity]), default=Severity.ERROR, show_default=True, help="Lowest severity that makes the exit code 1.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--kubeconform", type=click.Choice(["auto", "off", "require"]), default="auto", show_default=True, help="Run the kubeconform binary beside the rules.")
@click.option("--select", multiple=True, help="Only these rules (id, name or id prefix; repeat or separate by commas).")
@click.option("--ignore", multiple=True, help="Not these rules.")
def command(
    root: Path,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    exit_zero: bool,
    kubeconform: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> int:
    """Check the repository at ROOT: every manifest, and every site against the others.

    Exit code 0: nothing at or above --fail-on; 1: findings; 2: could not run.
    """
    from validator.runner import Options, run

    options = Options(select=_names(select), ignore=_names(ignore), kubeconform=kubeconform)
    report = run(root, options)
    if not formats:
        formats = ("github",) if os.environ.get("GITHUB_ACTIONS") == "true" and "github" in FORMATS else ("text",)
    if len(outputs) > len(formats):
        raise click.UsageError("more --output than --format: give them in pairs")
    for format, output in zip(formats, (*outputs, *("-" for _ in range(len(formats) - len(outputs)))), strict=True):
        write(report, format, output)
    sys.stdout.flush()
    if any(finding.rule == "INT000" for finding in report.findings):
        return 2
    return 1 if report.fails(Severity(fail_on)) and not exit_zero else 0


def _names(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())
