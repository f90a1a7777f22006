"""`estate show`: what an estate looks like."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.errors import InputError

if TYPE_CHECKING:
    from validator.show.overview import Overview

FORMATS = {"table": "table", "json": "as_json", "mermaid": "mermaid"}
"""Formats with the module of `validator.show` that writes them."""


@click.command("show")
@click.argument("source", type=click.Path(path_type=Path), default=".")
@click.option("--format", "format", type=click.Choice(list(FORMATS)), default="table", show_default=True)
def command(source: Path, format: str) -> int:
    """Show the estate of SOURCE, a repository or an estate file: sites, clusters, contexts, leader, names, delegation.

    Of a repository it shows what the manifests say, and from its estate file what they cannot.
    """
    overview = _read(source)
    module = importlib.import_module(f"validator.show.{FORMATS[format]}")
    click.echo(module.render(overview), nl=False)
    return 0


def _read(source: Path) -> Overview:
    if source.is_dir():
        from validator.read.estate import read_estate
        from validator.show.repository import of_repository

        overview = of_repository(read_estate(source))
        if not overview.sites:
            hint = "give the root of an estate repository, or an estate file"
            raise InputError("holds no release of AKO or AMKO", path=str(source), hint=hint)
        return overview
    from validator.estate_file import reading
    from validator.estate_file.declared import resolve
    from validator.show.overview import of_declared

    return of_declared(resolve(reading.load(source)))
