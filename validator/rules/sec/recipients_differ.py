"""A file is encrypted for others than `.sops.yaml` says.

What it finds:
    An encrypted file whose age or PGP recipients are not those of the first matching rule of the nearest
    `.sops.yaml`; a file that matches none of its rules; a recipient in `.sops.yaml` that is no age public key.

Why it matters:
    A cluster whose key is missing cannot decrypt: its Kustomization fails, the others go on. A key that was
    taken out of `.sops.yaml`, but not out of the files, still opens them.
    Source: getsops/sops README, `updatekeys` and creation rules.

Bad:
    # .sops.yaml
    creation_rules: [{path_regex: .*, age: age1new}]
    # secret.sops.yaml
    sops: {age: [{recipient: age1old}]}

Good:
    # secret.sops.yaml, after `sops updatekeys`
    sops: {age: [{recipient: age1new}]}

Fix:
    Run `sops updatekeys` on the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from validator.facts import table
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Document, Ref
from validator.rules import rule
from validator.rules.sec._sops import NAME, configs, creation_rules, matches

FIELDS = {"age": "recipient", "pgp": "fp"}


@rule("SEC206", Severity.ERROR, sources=("GIT-06", "getsops/sops README"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    found = configs(estate)
    for document in found.values():
        yield from _invalid(document)
    if not found or not any(_block(document) is not None for document in estate.distinct):
        return
    for document in estate.documents:
        block = _block(document)
        if block is not None and document.path.rpartition("/")[2] != NAME:
            folder = max((f for f in found if document.path.startswith(f)), key=len, default=None)
            if folder is not None:
                yield from _compare(document, block, found[folder], document.path.removeprefix(folder))


def _block(document: Document) -> dict[str, Any] | None:
    """Return what SOPS writes of an encrypted file."""
    block = document.value.get("sops") if isinstance(document.value, dict) else None
    return block if isinstance(block, dict) else None


def _invalid(config: Document) -> Iterator[Problem]:
    pattern = re.compile(table("secrets")["sops"]["ageRecipient"])
    for index, rule_ in enumerate(creation_rules(config)):
        for name in sorted(_listed(rule_.get("age"))):
            if not pattern.fullmatch(name):
                at = config.ref("creation_rules", index, "age")
                yield Problem(at, f"`{name[:70]}` is no age public key (`age1` and 58 letters or digits)")


def _compare(document: Document, block: dict[str, Any], config: Document, path: str) -> Iterator[Problem]:
    for index, rule_ in enumerate(creation_rules(config)):
        matched = matches(rule_.get("path_regex"), path)
        if matched is None or "key_groups" in rule_:
            return
        if not matched:
            continue
        said = config.ref("creation_rules", index)
        for field, key in FIELDS.items():
            wanted = _listed(rule_.get(field))
            entries = block.get(field)
            given = {str(e.get(key)) for e in entries if isinstance(e, dict)} if isinstance(entries, list) else set()
            if given != wanted:
                yield _problem(document.ref("sops", field), field, given, wanted, said)
        return
    text = f"is encrypted, but no rule of `{config.path}` is for it: `sops updatekeys` cannot keep its recipients"
    yield Problem(document.ref("sops", key=True), text, ((config.ref("creation_rules"), "the rules are here"),))


def _problem(at: Ref, field: str, given: set[str], wanted: set[str], said: Ref) -> Problem:
    missing, surplus = sorted(wanted - given), sorted(given - wanted)
    parts = [f"lacks {_names(missing)}"] if missing else []
    parts += [f"still has {_names(surplus)}"] if surplus else []
    return Problem(
        at, f"{field} recipients differ from the rule: the file {' and '.join(parts)}", ((said, "the rule is here"),)
    )


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name[:70]}`" for name in names)


def _listed(value: Any) -> set[str]:
    texts = value if isinstance(value, list) else str(value).split(",") if value else []
    return {str(text).strip() for text in texts if str(text).strip()}
