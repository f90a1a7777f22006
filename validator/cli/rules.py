"""`estate rules`: list the rules."""

from __future__ import annotations

import json

import click


@click.command("rules")
@click.option("--format", "format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(format: str) -> int:
    """List every rule: id, severity, name, and what it finds."""
    from validator.rules import all_rules

    rules = all_rules()
    if format == "json":
        data = [
            {
                "id": one.id,
                "name": one.name,
                "severity": one.severity.value,
                "since": one.since,
                "summary": one.summary,
                "sources": list(one.sources),
            }
            for one in rules
        ]
        click.echo(json.dumps({"version": "1", "rules": data}, indent=2))
        return 0
    width = max((len(one.name) for one in rules), default=0)
    for one in rules:
        click.echo(f"{one.id}  {one.severity.value:<12}  {one.name:<{width}}  {one.summary}")
    return 0
