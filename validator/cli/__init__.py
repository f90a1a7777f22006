"""The `estate` command: one small module per verb, loaded when it is called."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
import threading
from typing import NoReturn

import click

from validator import __version__
from validator.errors import EstateError

VERBS = {
    "new": "render an estate repository from an estate file",
    "validate": "check a repository: every site against the others",
    "show": "show an estate as tables, JSON or a Mermaid picture",
    "verify": "ask the live estate: delegation, name servers, clusters",
    "rules": "list the rules",
    "explain": "explain one rule",
    "members": "AMKO's kubeconfig: merge it, check it, write its accounts",
}
"""Verbs with their one-line help, so that `estate --help` imports none of them."""
DONE = frozenset({"validate"})
"""Verbs that leave nothing behind to be done at the end of the process: no thread, no temporary file."""


class Verbs(click.Group):
    """A group whose verbs are imported on use: start-up must stay short."""

    called: str | None = None
    """The verb that was asked for last."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        self.called = cmd_name
        module = importlib.import_module(f"validator.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="estate")
def group() -> None:
    """GitOps estates of TKG clusters behind NSX ALB (Avi) global load balancing: render them, check them."""


def main() -> None:
    """Run the command; exit 0 clean, 1 findings, 2 could not run."""
    # What a run reads lives until it ends: searching it for cycles, again and again, took a third of the time of
    # 2,000 sites and freed nothing.
    gc.disable()
    try:
        code = group.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        click.echo("aborted", err=True)
        code = 2
    except click.ClickException as error:
        error.show()
        code = 2
    except EstateError as error:
        _tell(error)
        code = 2
    except BrokenPipeError:
        code = 2
    _end(code if isinstance(code, int) else 0)


def _tell(error: EstateError) -> None:
    """Print an error on standard error: each of its problems at its place, `error:` before what has none."""
    from validator.report.text import clean

    for problem in error.problems:
        text = str(problem) if problem.path is not None else f"error: {problem}"
        for line in text.splitlines():
            click.echo(clean(line), err=True)


def _end(code: int) -> NoReturn:
    """End the process.

    Where nothing is left to be done, at once: to take a model of a million objects apart, one by one, only to give all
    memory back, took a twentieth of the time of 500 sites.
    """
    if group.called in DONE and threading.active_count() == 1:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    sys.exit(code)
