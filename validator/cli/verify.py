"""`estate verify`: ask the live estate whether it is what the estate file says."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.cli.formats import failing, paired, reporting, write_all
from validator.errors import InputError
from validator.finding import Severity

if TYPE_CHECKING:
    from validator.runner import Report
    from validator.verify.budget import Meter
    from validator.verify.questions import Server


def _pause(ctx: click.Context, param: click.Parameter, value: str) -> float | None:
    """Return the seconds that an option gives, None for `auto`."""
    if value == "auto":
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise click.BadParameter(f"`{value}` is neither `auto` nor a number of seconds from 0 to 3600")
    return seconds


@click.command("verify")
@click.argument("place", metavar="[ESTATE_FILE|ROOT]", type=click.Path(path_type=Path), default=".")
@click.option("--only", type=click.Choice(["dns", "kubernetes"]), help="Ask only name servers, or only clusters.")
@click.option("--site", "sites", multiple=True, metavar="NAME", help="Only this site's name server and clusters.")
@click.option("--app", "apps", multiple=True, metavar="NAME", help="Only the global name of this app.")
@click.option(
    "--kubeconfig",
    "kubeconfigs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Ask the clusters too; contexts are named as in the estate. Repeat for several files.",
)
@click.option(
    "--parent-server",
    "parents",
    multiple=True,
    metavar="ADDR[:PORT]",
    help="A server of the parent zone; without it, a resolver is asked for them.",
)
@click.option(
    "--resolver",
    "resolvers",
    multiple=True,
    metavar="ADDR[:PORT]",
    help="Sample the names through this resolver too, as users do.",
)
@click.option(
    "--dns-port",
    type=click.IntRange(1, 65535),
    default=53,
    show_default=True,
    help="Port of the name servers, for labs behind port mappings.",
)
@click.option("--samples", type=click.IntRange(1, 100), default=6, show_default=True, help="Answers for each name.")
@click.option(
    "--pause",
    metavar="auto|SECONDS",
    callback=_pause,
    default="auto",
    show_default=True,
    help="Between two samples; auto: the answer's time to live, 1 s at most where no cache stands between.",
)
@click.option(
    "--wait",
    type=click.FloatRange(0.1, 60),
    default=4,
    show_default=True,
    help="Seconds that one question may wait for its answer.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(1, 86400),
    default=300,
    show_default=True,
    help="Seconds for everything.",
)
@reporting
@failing
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--ignore", multiple=True, help="Not these checks (id, name or id prefix; repeat or separate by commas).")
def command(
    place: Path,
    only: str | None,
    sites: tuple[str, ...],
    apps: tuple[str, ...],
    kubeconfigs: tuple[Path, ...],
    parents: tuple[str, ...],
    resolvers: tuple[str, ...],
    dns_port: int,
    samples: int,
    pause: float | None,
    wait: float,
    timeout: float,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    exit_zero: bool,
    ignore: tuple[str, ...],
) -> int:
    """Ask the live estate whether it is what the estate file says: delegation, name servers, and with --kubeconfig the clusters.

    Nothing is changed anywhere. Exit code 0: nothing at or above --fail-on; 1: findings; 2: could not run, or no question
    was answered.
    """
    from validator.verify import kubeconfigs as contexts
    from validator.verify import plan as plans
    from validator.verify.answers import Sampling
    from validator.verify.questions import server
    from validator.verify.run import Options, run
    from validator.verify.workers import hanging

    if only == "kubernetes" and not kubeconfigs:
        raise click.UsageError("--only kubernetes needs --kubeconfig")
    paired(formats or ("text",), outputs)  # what is wrong with them is said before minutes are spent
    dns = only != "kubernetes"
    through = tuple(server(text) for text in resolvers)
    plan = plans.read(place, sites=sites, apps=apps, dns_port=dns_port)
    options = Options(
        dns=dns,
        contexts=contexts.read(kubeconfigs) if kubeconfigs and only != "dns" else None,
        parents=tuple(server(text) for text in parents),
        resolvers=through,
        lookup=through or (_system_resolvers() if dns and not parents else ()),
        dns_port=dns_port,
        sampling=Sampling(samples, pause),
        each=wait,
        total=timeout,
        ignore=_known(ignore),
    )
    with _progress() as meter:
        report = run(plan, options, meter)
    write_all(report, formats, outputs)
    code = _code(report, Severity(fail_on), exit_zero=exit_zero)
    if hanging():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _code(report: Report, threshold: Severity, *, exit_zero: bool) -> int:
    """Return the exit code; `exit_zero` excuses findings, and no run that verified nothing or broke."""
    from validator.runner import CRASH

    if report.questions is None or report.questions[1] == 0:
        click.echo("error: nothing was verified: no question was answered", err=True)
        return 2
    if any(finding.rule == CRASH for finding in report.findings):
        return 2
    return 1 if report.fails(threshold) and not exit_zero else 0


def _system_resolvers() -> tuple[Server, ...]:
    """Return the resolvers of this machine, none where it has no settings for them."""
    import dns.exception
    import dns.resolver

    from validator.verify.questions import server

    try:
        found = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError, ValueError):
        return ()
    return tuple(server(str(address), found.port) for address in found.nameservers if isinstance(address, str))


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the checks that `--ignore` names; raise InputError for one that does not exist."""
    from validator.verify.catalogue import CHECKS

    found = tuple(name.strip() for value in names for name in value.split(",") if name.strip())
    for name in found:
        if not any(one.id.startswith(name.upper()) or one.name == name.lower() for one in CHECKS.values()):
            raise InputError(f"`--ignore` names no check of this command: `{name}`", hint="docs/verify.md lists them")
    return found


class _Silence:
    """Shows nothing."""

    def expect(self, count: int) -> None:
        pass

    def tick(self) -> None:
        pass


@contextmanager
def _progress() -> Iterator[Meter]:
    """Show a bar of the questions on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield _Silence()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("asking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("asking", total=0)

        lock = threading.Lock()

        class Bar:
            total = 0

            def expect(self, count: int) -> None:
                with lock:
                    self.total += count
                    progress.update(task, total=self.total)

            def tick(self) -> None:
                progress.advance(task)

        yield Bar()
