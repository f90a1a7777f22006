"""Flux applies an encrypted Secret without being told to decrypt it.

What it finds:
    A Secret that SOPS has encrypted (or in a file `*.sops.yaml`, which it will), applied by a Flux
    Kustomization without `decryption`; one with `decryption` but without the Secret that holds the key, where
    another Kustomization of the cluster names one.

Why it matters:
    kustomize-controller refuses the Secret: `is SOPS encrypted, configuring decryption is required for this
    secret to be reconciled`; nothing of that Kustomization is applied.
    Source: fluxcd/kustomize-controller internal/controller/kustomization_controller.go; docs/spec/v1,
    Decryption.

Bad:
    kind: Kustomization
    spec: {path: ./secrets, prune: true}

Good:
    kind: Kustomization
    spec: {path: ./secrets, prune: true, decryption: {provider: sops, secretRef: {name: sops-age}}}

Fix:
    Add `decryption` with `provider: sops` and the Secret that holds the age key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read import flux
from validator.read.manifest import Manifest, dig
from validator.rules import rule

SUFFIXES = (".sops.yaml", ".sops.yml")


@rule("SEC207", Severity.ERROR, sources=("GIT-05", "fluxcd/kustomize-controller docs/spec/v1/kustomizations.md"))
def check(estate: Estate) -> Iterator[Problem]:
    names = Counter(
        str(name) for sync in estate.objects("Kustomization") if flux.is_kustomization(sync) and (name := _key(sync))
    )
    usual = next(iter(names.most_common(1)), ("", 0))
    for cluster in estate.holders("Secret"):
        syncs = {item.name: item for item in cluster.of("Kustomization", flux.KUSTOMIZE)}
        others = {name: sync for name, sync in syncs.items() if not usual[0] or _key(sync) != usual[0]}
        for manifest in cluster.of("Secret") if others else ():
            sync = others.get(manifest.applied_by)
            if sync is not None and _is_encrypted(manifest):
                problem = _judge(sync, manifest, names, usual)
                if problem is not None:
                    yield problem


def _key(sync: Manifest) -> Any:
    """Return the name of the Secret with the key that a Kustomization takes, None where it names none."""
    found = sync.spec.get("decryption")
    return dig(found, ("secretRef", "name")) if found is not None else None


def _is_encrypted(secret: Manifest) -> bool:
    """Return whether SOPS has encrypted a Secret, or will: a template is named as `.sops.yaml` wants it."""
    return isinstance(secret.get("sops", "mac"), str) or secret.document.path.endswith(SUFFIXES)


def _judge(sync: Manifest, secret: Manifest, names: Counter[str], most: tuple[str, int]) -> Problem | None:
    related = ((secret.at("metadata", "name"), f"Secret `{secret.name}` is encrypted"),)
    decryption = sync.spec.get("decryption")
    if decryption is None:
        text = f"Kustomization `{sync.name}` applies encrypted Secrets, but has no `decryption`: Flux refuses them"
        return Problem(sync.at("spec"), text, related)
    own = _key(sync)
    usual, count = most
    given = isinstance(decryption, dict) and {"secretRef", "serviceAccountName"} & decryption.keys()
    if isinstance(decryption, dict) and not given and count:
        text = f"Kustomization `{sync.name}` names no Secret with the key, others name `{usual}`"
        return Problem(sync.at("spec", "decryption"), text, related)
    if isinstance(own, str) and own != usual and names[own] == 1 and count > 1:
        text = f"Kustomization `{sync.name}` takes the key from Secret `{own}`, all others from `{usual}`"
        return Problem(sync.at("spec", "decryption", "secretRef", "name"), text, related)
    return None
