"""`estate new`: render an estate repository."""

from __future__ import annotations

from pathlib import Path

import click

from validator.errors import EstateError


class Refused(EstateError):
    """A rendered repository with findings; it was not moved into place."""


@click.command("new")
@click.argument("estate_file", type=click.Path(path_type=Path), required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to make; by default the estate's name.")
def command(estate_file: Path | None, output: Path | None) -> int:
    """Render the repository of ESTATE_FILE; without one, of the two-site lab.

    The file is checked first, the result before it is moved into place. Exit code 0: made; 1: the result has findings;
    2: could not run. Unless it is 0, nothing is written.
    """
    from validator.lifecycle.render import render

    try:
        place = render(estate_file, output, check=_check)
    except Refused as error:
        click.echo(error.message, err=True, nl=False)
        return 1
    click.echo(f"made {_shown(place)}: README.md there says what to do next")
    return 0


def _check(folder: Path) -> None:
    """Raise Refused with a report where the rendered repository has errors."""
    from validator.finding import Severity
    from validator.options import Options
    from validator.report.text import render as text
    from validator.runner import run

    report = run(folder, Options(kubeconform="off"))
    if report.fails(Severity.ERROR):
        raise Refused(text(report))


def _shown(place: Path) -> str:
    here = Path.cwd()
    return str(place.relative_to(here)) if place.is_relative_to(here) else str(place)
