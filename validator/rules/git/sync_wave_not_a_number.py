"""A sync wave that is no number in quotes.

What it finds:
    The annotation `argocd.argoproj.io/sync-wave` with a text that is no integer, or with a value that is no
    text.

Why it matters:
    Argo CD takes a wave that it cannot read for 0, without a word: AMKO is then applied together with AKO. A
    number without quotes is no valid annotation, and the API server refuses the object.
    Source: argo-cd gitops-engine/pkg/sync/syncwaves/waves.go.

Bad:
    metadata: {annotations: {argocd.argoproj.io/sync-wave: first}}

Good:
    metadata: {annotations: {argocd.argoproj.io/sync-wave: "1"}}

Fix:
    Write an integer in quotes; negative ones come before 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator import schema
from validator.finding import Action, Edit, Problem, Severity
from validator.fix import edits
from validator.model import Estate
from validator.read.documents import Document
from validator.read.manifest import dig
from validator.rules import rule

WAVE = "argocd.argoproj.io/sync-wave"
INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


@rule("GIT108", Severity.ERROR, sources=("GIT-07", "argo-cd gitops-engine/pkg/sync/syncwaves/waves.go"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    for document in estate.documents if any(b"sync-wave" in one.data for one in estate.distinct) else ():
        if b"sync-wave" in document.data and document.kind:
            yield from _judge(document)


def _judge(document: Document) -> Iterator[Problem]:
    wave = dig(document.value, ("metadata", "annotations", WAVE))
    at = document.ref("metadata", "annotations", WAVE)
    if isinstance(wave, str):
        if not INTEGER.fullmatch(wave):
            yield Problem(at, f"sync wave `{wave}` is no integer; Argo CD takes it for `0`")
    elif wave is not None and not schema.known(document.api_version, document.kind):
        fix = (Edit(at, Action.QUOTE),) if edits.plain(at) and INTEGER.fullmatch(edits.plain(at) or "") else ()
        yield Problem(at, "a sync wave must be text: put the number in quotes", fix=fix)
