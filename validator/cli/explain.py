"""`estate explain`: the page of one rule."""

from __future__ import annotations

import difflib

import click

from validator.errors import InputError


@click.command("explain")
@click.argument("name")
def command(name: str) -> int:
    """Explain the rule, or the check of members or verify, NAME (an id or a name): what it finds, why it matters, fix."""
    from validator import rules
    from validator.members import checks
    from validator.verify import catalogue

    one = rules.find(name) or checks.find(name) or catalogue.find(name)
    if one is None:
        known = [text for rule in rules.all_rules() for text in (rule.id, rule.name)]
        known += [text for check, _ in checks.all_checks() for text in (check.id, check.name)]
        known += [text for check in catalogue.CHECKS.values() for text in (check.id, check.name)]
        close = difflib.get_close_matches(name, known, n=1) or difflib.get_close_matches(name.upper(), known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "`estate rules` lists them all"
        raise InputError(f"there is no rule `{name}`", hint=hint)
    click.echo(f"{one.id} {one.name} ({one.severity.value}, since {one.since})\n{one.summary}\n")
    for heading, text in one.sections.items():
        click.echo(f"{heading}:")
        click.echo("\n".join(f"    {line}".rstrip() for line in text.splitlines()) + "\n")
    click.echo(f"Sources: {', '.join(one.sources)}")
    return 0
