"""`estate members`: the kubeconfig by which AMKO reaches its members."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from validator.cli.formats import failing, paired, reporting
from validator.errors import InputError
from validator.finding import Severity
from validator.report import FORMATS, write

if TYPE_CHECKING:
    from validator.members.expected import Declaration
    from validator.members.gather import Gathered

_ESTATE = click.option(
    "--estate",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="Estate file or its folder; by default estate.yaml here, if there is one.",
)
_CHECKS = (
    click.option(
        "--warn-days", type=click.IntRange(min=0), default=30, show_default=True, help="How soon an end is told."
    ),
    click.option("--ignore", multiple=True, metavar="CHECK", help="Not these checks (id or name; repeat)."),
    failing,
)


def _checked(function: Callable[..., int]) -> Callable[..., int]:
    for option in reversed(_CHECKS):
        function = option(function)
    return function


@click.group("members")
def command() -> None:
    """Merge and check the kubeconfig by which AMKO reaches its members: gslb-members in Secret gslb-config-secret.

    No verb ever prints a credential.
    """


@command.command("merge")
@click.argument("kubeconfigs", nargs=-1, metavar="KUBECONFIG...")
@_ESTATE
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="Give a context another name; repeat.")
@click.option(
    "--token-secret",
    "tokens",
    multiple=True,
    metavar="CLUSTER=FILE",
    help="A member from the token Secret of its account, as `kubectl get secret amko-member -o yaml` prints it; repeat.",
)
@click.option("--all", "keep_all", is_flag=True, help="Keep contexts that are those of no member.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write, readable by you alone.")
@click.option("--secrets", is_flag=True, help="Write the Secret of every AMKO, by the backend of the estate.")
@click.option("--cert", "certificates", multiple=True, metavar="CLUSTER=FILE", help="Certificate for kubeseal; repeat.")
@click.option("--force", is_flag=True, help="Replace the file of --output.")
@_checked
@click.option("--format", type=click.Choice(sorted(FORMATS)), default="text", show_default=True, help="Report format.")
def merge(
    kubeconfigs: tuple[str, ...],
    estate: Path | None,
    renames: tuple[str, ...],
    tokens: tuple[str, ...],
    keep_all: bool,
    output: Path | None,
    secrets: bool,
    certificates: tuple[str, ...],
    force: bool,
    warn_days: int,
    ignore: tuple[str, ...],
    fail_on: str,
    format: str,
) -> int:
    """Make one kubeconfig of several: certificate files taken in, contexts named as the estate names them.

    The result is checked; with findings at or above --fail-on nothing is written. Without -o and --secrets nothing is written
    either. Exit code 0: clean; 1: findings; 2: could not run.
    """
    from validator.members import private
    from validator.members.gather import Wish, gather

    wish = Wish(kubeconfigs, tokens, estate, renames, keep_all, warn_days, ignore)
    if certificates and not secrets:
        raise click.UsageError("--cert goes with --secrets")
    pairs = {name: Path(path) for name, path in (_pair("--cert", text) for text in certificates)}
    gathered = gather(wish)
    if output is not None:
        private.check(output, gathered.estate.root if gathered.estate else None, force=force)
    code = _tell(gathered, [(format, "-")], fail_on)
    if code:
        if code == 1 and (output is not None or secrets):
            click.echo("nothing was written", err=True)
        return code
    if secrets:
        _write_secrets(gathered, output, pairs, force=force)
    elif output is not None:
        private.write(output, gathered.text.encode(), force=force)
        _say(f"wrote {output}: {len(gathered.merged.members)} contexts, {len(gathered.text.encode())} bytes")
    return 0


@command.command("check")
@click.argument("kubeconfigs", nargs=-1, required=True, metavar="KUBECONFIG...")
@_ESTATE
@_checked
@reporting
def check(
    kubeconfigs: tuple[str, ...],
    estate: Path | None,
    warn_days: int,
    ignore: tuple[str, ...],
    fail_on: str,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
) -> int:
    """Check a kubeconfig, or several as one: against the estate, and whether its credentials are good and for how long.

    KUBECONFIG may be a Secret in the clear, and `-` for standard input. Exit code 0: nothing at or above --fail-on; 1: findings;
    2: could not run.
    """
    from validator.members.gather import Wish, gather

    pairs = paired(formats or ("text",), outputs)
    wish = Wish(kubeconfigs, estate=estate, warn_days=warn_days, ignore=ignore, as_is=True)
    return _tell(gather(wish), pairs, fail_on)


@command.command("rbac")
@_ESTATE
@click.option("--cluster", "clusters", multiple=True, metavar="NAME", help="Only this member; repeat.")
@click.option(
    "--namespace",
    default="avi-system",
    show_default=True,
    help="Where the account is; its Role is always in avi-system.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Folder for one file per cluster.")
def rbac(estate: Path | None, clusters: tuple[str, ...], namespace: str, output: Path | None) -> int:
    """Write the account that AMKO needs in a member: it may do what AMKO does there, and no more.

    A rendered repository holds it already. Without an estate file, one set of manifests that suits every member.
    """
    from validator.members import rbac as accounts
    from validator.members.expected import declaration

    found = declaration(estate)
    made = accounts.manifests(found, clusters, namespace)
    if output is not None:
        for path in accounts.write(made, output):
            _say(f"wrote {path}")
        return 0
    for index, (name, text) in enumerate(made.items()):
        click.echo(("---\n" if index else "") + (f"# Cluster {name}\n" if name else "") + text, nl=False)
    return 0


def _tell(gathered: Gathered, pairs: list[tuple[str, str]], fail_on: str) -> int:
    """Write the report in every format; return the exit code."""
    from validator.members.gather import described
    from validator.report.text import clean
    from validator.runner import CRASH

    report = gathered.report()
    if gathered.estate is None:
        _say("no estate file: the contexts and their servers are compared with nothing; give --estate")
    for format, output in pairs:
        if format == "text" and output == "-":
            for line in described(gathered):
                click.echo(clean(line))
        write(report, format, output)
    sys.stdout.flush()
    if any(finding.rule == CRASH for finding in report.findings):
        return 2
    return 1 if report.fails(Severity(fail_on)) else 0


def _write_secrets(gathered: Gathered, output: Path | None, certificates: dict[str, Path], *, force: bool) -> None:
    from validator.members import manifests

    if gathered.estate is None:
        raise InputError("--secrets needs an estate file", hint="give --estate")
    if gathered.estate.data["secrets"]["backend"] == manifests.EXTERNAL:
        _write_store(gathered, gathered.estate, output, force=force)
        return
    if output is not None:
        raise click.UsageError("--secrets writes into the repository; -o goes with it for external-secrets alone")
    made = manifests.encrypted(gathered.estate, gathered.text, certificates)
    manifests.put(made)
    for one in made:
        _say(f"wrote {one.target.path}, encrypted")
    _say("AMKO reads it when it starts: restart it in each of these clusters once the Secret is there")


def _write_store(gathered: Gathered, estate: Declaration, output: Path | None, *, force: bool) -> None:
    """Say what belongs into the external store; its values go into the file of -o alone."""
    from validator.members import manifests, private

    values = manifests.store_values(estate, gathered.merged.members)
    for key, properties in values.items():
        _say(f"store {key}: {', '.join(properties)}")
    if output is None:
        _say("-o FILE writes the values, as JSON by key and property")
        return
    private.write(output, manifests.store_text(values), force=force)
    _say(f"wrote {output}: {len(values)} keys for the store")


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if not equals or not name or not path:
        raise click.UsageError(f"{option} `{text}` is not of the form CLUSTER=FILE")
    return name, path


def _say(text: Any) -> None:
    from validator.report.text import clean

    click.echo(clean(str(text)), err=True)
