r"""A rule of `.sops.yaml` does not encrypt the Secrets as it should.

What it finds:
    A `.sops.yaml` without `creation_rules` or with an expression that is none; a Secret with placeholders that no rule is for; a
    rule that leaves `data` or `stringData` of the Secrets in the open, and one that encrypts `metadata` too.

Why it matters:
    `sops encrypt` refuses a file that no rule is for, and somebody commits it in the open. What an `encrypted_regex` does not match
    stays in the open without a word. Flux cannot decrypt an object whose metadata is encrypted.
    Source: getsops/sops README, creation rules, encrypted_regex; fluxcd/kustomize-controller docs/spec/v1/kustomizations.md.

Bad:
    creation_rules:
      - path_regex: \.sops\.json$
        encrypted_regex: ^data$

Good:
    creation_rules:
      - path_regex: \.sops\.ya?ml$
        encrypted_regex: ^(data|stringData)$

Fix:
    Let a rule match every file with a Secret, and `data` and `stringData` in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read import flux
from validator.read.documents import Document
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.sec._sops import configs, creation_rules, matches

PLACEHOLDER = re.compile(r"\b(replace|change|fill|set)[-_ ]?me\b|\bplaceholder\b", re.IGNORECASE)
FIELDS = ("data", "stringData")
CLEAR = ("apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations", "type")
SCOPES = ("encrypted_regex", "encrypted_suffix", "unencrypted_regex", "unencrypted_suffix")
TOKEN = "kubernetes.io/service-account-token"  # noqa: S105  # a type of Secrets


@rule("SEC208", Severity.ERROR, sources=("GIT-05", "GIT-06", "getsops/sops README"))
def check(estate: Estate) -> Iterator[Problem]:
    found = configs(estate)
    if not found or not any(_decrypts(document) for document in estate.documents_of("Kustomization")):
        return
    templates: dict[str, list[Document]] = {folder: [] for folder in found}
    for document in estate.documents_of("Secret"):
        if not _is_template(document):
            continue
        folder = max((f for f in found if document.path.startswith(f)), key=len, default=None)
        if folder is not None:
            templates[folder].append(document)
    for folder, config in found.items():
        yield from _config(config, folder, templates[folder])


def _decrypts(document: Document) -> bool:
    return document.group == flux.KUSTOMIZE and dig(document.value, ("spec", "decryption", "provider")) == "sops"


def _is_template(document: Document) -> bool:
    """Return whether a Secret is one that somebody is to fill in and to encrypt."""
    value = document.value
    if document.group or "sops" in value or value.get("type") == TOKEN:
        return False
    for field in FIELDS:
        block = value.get(field)
        for text in block.values() if isinstance(block, dict) else ():
            if isinstance(text, str) and _has_placeholder(text):
                return True
    return False


@lru_cache(maxsize=1024)
def _has_placeholder(text: str) -> bool:
    return PLACEHOLDER.search(text) is not None


def _config(config: Document, folder: str, templates: list[Document]) -> Iterator[Problem]:
    rules = creation_rules(config)
    if not rules:
        yield Problem(config.ref(), f"`{config.path}` has no `creation_rules`: sops encrypts nothing with it")
        return
    broken = list(_broken(config, rules))
    yield from broken
    if broken:
        return
    unmatched: list[Document] = []
    fields: dict[int, set[str]] = {}
    for document in templates:
        found = [matches(entry.get("path_regex"), document.path.removeprefix(folder)) for entry in rules]
        if None in found:
            return
        if True not in found:
            unmatched.append(document)
        else:
            fields.setdefault(found.index(True), set()).update(one for one in FIELDS if one in document.value)
    if templates and len(unmatched) == len(templates):
        text = f"no rule is for any of the {len(templates)} Secrets with placeholders here: sops will refuse to encrypt them"
        at = (
            config.ref("creation_rules", 0, "path_regex") if len(rules) == 1 else config.ref("creation_rules", key=True)
        )
        yield Problem(at, text, ((unmatched[0].ref(), "such as this one"),))
        return
    for document in unmatched:
        text = f"no rule of `{config.path}` is for this Secret: sops will refuse to encrypt it"
        yield Problem(document.ref(), text, ((config.ref("creation_rules"), "the rules are here"),))
    for index, wanted in fields.items():
        yield from _scope(config, index, rules[index], wanted)


def _broken(config: Document, rules: list[dict[str, Any]]) -> Iterator[Problem]:
    for index, entry in enumerate(rules):
        for key in ("path_regex", "encrypted_regex", "unencrypted_regex"):
            try:
                re.compile(str(entry.get(key, "")))
            except re.error as error:
                yield Problem(
                    config.ref("creation_rules", index, key), f"`{key}` is no regular expression: {error.msg}"
                )


def _scope(config: Document, index: int, entry: dict[str, Any], wanted: set[str]) -> Iterator[Problem]:
    expression = entry.get("encrypted_regex")
    if expression is None:
        if not any(key in entry for key in SCOPES):
            text = "the rule has no `encrypted_regex`: sops encrypts `metadata` too, and Flux refuses the object"
            yield Problem(config.ref("creation_rules", index), f"{text}; write `^(data|stringData)$`")
        return
    at, found = config.ref("creation_rules", index, "encrypted_regex"), re.compile(str(expression))
    open_ = sorted(field for field in wanted if not found.search(field))
    if open_:
        names = " and ".join(f"`{field}`" for field in open_)
        yield Problem(
            at, f"`encrypted_regex` does not match {names}, where Secrets here have their values: they stay open"
        )
    elif more := [name for name in CLEAR if found.search(name)]:
        names = ", ".join(f"`{name}`" for name in more)
        yield Problem(at, f"`encrypted_regex` matches {names} too: Flux refuses an object with that encrypted")
