"""A pull secret that the kubelet cannot use, or that does not exist.

What it finds:
    A Secret of type `kubernetes.io/dockerconfigjson` without the key `.dockerconfigjson`; a Secret with that key
    and another type; `imagePullSecrets` of a ServiceAccount that name no Secret of the namespace while one with
    nearly that name is made there, or that one in another namespace or in other clusters (a warning).

Why it matters:
    The API server refuses the first, and with it everything that Flux applies in the same step. The kubelet passes
    over a Secret of another type or one that is not there: images are pulled without a login and fail
    (`ImagePullBackOff`) or run into the registry's limit.
    Source: Kubernetes pkg/apis/core/validation ValidateSecret; pkg/credentialprovider/secrets.

Bad:
    kind: Secret
    type: kubernetes.io/dockerconfigjson
    stringData: {config.json: "{}"}

Good:
    kind: Secret
    type: kubernetes.io/dockerconfigjson
    stringData: {.dockerconfigjson: "{}"}

Fix:
    Write type and key as Kubernetes wants them, and the name as the Secret has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.nearness import nearest
from validator.once import once
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.secrets.objects import KINDS as MAKERS
from validator.secrets.objects import SecretObject, secrets

KEYS = {"kubernetes.io/dockerconfigjson": ".dockerconfigjson", "kubernetes.io/dockercfg": ".dockercfg"}


@rule("SEC110", Severity.ERROR, sources=("SEC", "Kubernetes pkg/apis/core/validation"))
def check(estate: Estate) -> Iterator[Problem]:
    seen: set[int] = set()
    for cluster in estate.holders(*MAKERS, "ServiceAccount"):
        made = secrets(cluster)
        for secret in made:
            if secret.manifest.kind == "Secret" and id(secret.manifest.document) not in seen:
                yield from _content(secret)
            seen.add(id(secret.manifest.document))
        yield from _accounts(estate, cluster, made)


@once
def _makers(estate: Estate) -> dict[tuple[str, str], set[Cluster]]:
    """Return the clusters that have each Secret, by its namespace and name."""
    makers: dict[tuple[str, str], set[Cluster]] = {}
    for cluster in estate.clusters:
        for one in secrets(cluster):
            makers.setdefault((one.namespace, one.name), set()).add(cluster)
    return makers


def _content(secret: SecretObject) -> Iterator[Problem]:
    kind = secret.manifest.value.get("type")
    wanted = KEYS.get(kind) if isinstance(kind, str) else None
    if wanted is not None and wanted not in secret.keys and not secret.more:
        yield Problem(secret.manifest.at("type"), f"Secret `{secret.name}` of type `{kind}` has no key `{wanted}`")
    for type_, key in KEYS.items():
        if key in secret.keys and kind != type_ and "generator" not in secret.manifest.value:
            said = f"is of type `{kind}`" if isinstance(kind, str) else "has no type"
            text = f"Secret `{secret.name}` has key `{key}` and {said}; the kubelet reads it from `{type_}` only"
            yield Problem(secret.manifest.at("type"), text)


def _accounts(estate: Estate, cluster: Cluster, made: list[SecretObject]) -> Iterator[Problem]:
    accounts = cluster.of("ServiceAccount", "")
    names: dict[str, dict[str, SecretObject]] = {}
    for secret in made if accounts else ():
        names.setdefault(secret.namespace, {})[secret.name] = secret
    for account in accounts:
        known = names.get(account.namespace, {})
        for index, name in _missing(account, known):
            home = next((space for space, found in names.items() if space and name in found), None)
            meant = None if home else nearest(name, known)
            if home is not None:
                hint = f"but in `{home}`"
            elif meant is not None:
                hint = f"did you mean `{meant}`?"
            elif _makers(estate).get((account.namespace, name), set()) - {cluster} and not cluster.uncertain:
                hint = "as it is in other clusters"
            else:
                continue
            yield Problem(
                account.at("imagePullSecrets", index, "name"),
                f"Secret `{name}` is not made in namespace `{account.namespace}`, {hint}",
                related=((known[meant].name_at(), f"Secret `{meant}`"),) if meant else (),
                severity=Severity.WARNING,
                absence=cluster.root,
            )


def _missing(account: Manifest, known: dict[str, SecretObject]) -> Iterator[tuple[int, str]]:
    entries = account.value.get("imagePullSecrets")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str) and name and name not in known and "$" not in name:
            yield index, name
