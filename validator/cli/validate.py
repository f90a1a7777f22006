"""`estate validate`: check a repository."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.cli.formats import reporting, write_all
from validator.finding import Severity
from validator.options import Options

if TYPE_CHECKING:
    from validator.fix.files import Change
    from validator.runner import Report


@click.command("validate")
@click.argument("root", type=click.Path(path_type=Path), default=".")
@reporting
@click.option(
    "--fail-on",
    type=click.Choice([one.value for one in Severity]),
    help="Lowest severity that makes the exit code 1; default error.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option(
    "--kubeconform",
    type=click.Choice(["auto", "off", "require"]),
    help="Run the kubeconform binary beside the rules; default auto.",
)
@click.option("--select", multiple=True, help="Only these rules (id, name or id prefix; repeat or separate by commas).")
@click.option("--ignore", multiple=True, help="Not these rules.")
@click.option("--fix", is_flag=True, help="Mend what is safe and unambiguous, then check again.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, change nothing.")
@click.option("--base", metavar="REV", help="Also judge what changed since this git revision.")
@click.option("--baseline", help="Baseline file, relative to ROOT: findings in it are not reported.")
@click.option(
    "--clusterclass",
    "cluster_classes",
    multiple=True,
    metavar="FILE",
    help="ClusterClass of your own cluster, as `kubectl get -o yaml` gives it; repeat for several.",
)
@click.option("--write-baseline", help="Write all findings to a baseline file, relative to ROOT, and exit 0.")
def command(
    root: Path,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str | None,
    exit_zero: bool,
    kubeconform: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    diff: bool,
    base: str | None,
    baseline: str | None,
    cluster_classes: tuple[str, ...],
    write_baseline: str | None,
) -> int:
    """Check the repository at ROOT: every manifest, and every site against the others.

    Exit code 0: nothing at or above --fail-on; 1: findings; 2: could not run.
    """
    from validator import config
    from validator.read.reading import Reading

    options, settings = config.load(root)
    options = replace(
        options,
        select=_names(select) or options.select,
        ignore=(*options.ignore, *_names(ignore)),
        kubeconform=kubeconform or options.kubeconform,
        base=base,
        cluster_classes=cluster_classes,
        baseline=None if write_baseline else baseline or options.baseline,
    )
    reading = Reading(root, options.exclude)  # another process reads while this one imports what is needed next
    try:
        from validator.runner import run

        report = run(root, options, reading=reading)
    finally:
        reading.end()
    if write_baseline:
        return _write_baseline(root, write_baseline, report)
    if diff:
        return _show_fixes(root, options, report)
    if fix:
        report = _fix(root, options, report)
    fail_on = fail_on or settings.get("fail-on", Severity.ERROR)
    write_all(report, formats, outputs)
    if any(finding.rule == "INT000" for finding in report.findings):
        return 2
    return 1 if report.fails(Severity(fail_on)) and not exit_zero else 0


def _show_fixes(root: Path, options: Options, report: Report) -> int:
    """Print what --fix would change; text that a terminal could act on is made visible."""
    from validator.report.text import clean

    found = _mended(root, options, report)
    for change in found:
        lines = change.diff.split("\n")
        click.echo("\n".join(clean(line) for line in lines) if sys.stdout.isatty() else change.diff, nl=False)
    return 1 if found else 0


def _fix(root: Path, options: Options, report: Report) -> Report:
    """Write what can be mended, say what it was, and check again."""
    from validator.fix.files import write
    from validator.report.text import clean
    from validator.runner import run

    found = _mended(root, options, report)
    for change in found:
        write(root, change)
        for one in change.mended:
            click.echo(f"mended {clean(one.path)}:{one.line}: {one.rule} {one.name}", err=True)
    return run(root, options) if found else report


def _mended(root: Path, options: Options, report: Report) -> list[Change]:
    from validator.fix.files import mend
    from validator.runner import run

    return mend(root, report, lambda texts: run(root, replace(options, kubeconform="off"), texts=texts))


def _write_baseline(root: Path, name: str, report: Report) -> int:
    from validator.filters import baseline

    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise click.UsageError("--write-baseline: the file must stand in the repository")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(baseline.render(report.findings), encoding="utf-8", newline="\n")
    click.echo(f"{name}: {len(report.findings)} findings")
    return 0


def _names(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())
