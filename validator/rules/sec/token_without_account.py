"""A Secret for the token of a ServiceAccount that gets no token.

What it finds:
    A Secret of type `kubernetes.io/service-account-token` without the annotation `kubernetes.io/service-account.name`;
    one that names no ServiceAccount of its namespace while one with nearly that name is made there, or that one in
    another namespace or in other clusters; a Secret with the annotation and another type (both a warning).

Why it matters:
    The API server refuses the first, and with it everything that Flux applies in the same step. Where the account is
    not there, Kubernetes deletes the Secret again, and into a Secret of another type it writes nothing. AMKO's members
    kubeconfig is made of such tokens: AMKO does not get into a cluster without one.
    Source: Kubernetes pkg/apis/core/validation ValidateSecret; pkg/controller/serviceaccount/tokens_controller.go.

Bad:
    kind: Secret
    metadata: {name: amko-member, namespace: avi-system}
    type: kubernetes.io/service-account-token

Good:
    kind: Secret
    metadata:
      name: amko-member
      namespace: avi-system
      annotations: {kubernetes.io/service-account.name: amko-member}
    type: kubernetes.io/service-account-token

Fix:
    Name the ServiceAccount in the annotation, in the namespace where it is; `estate members rbac` writes the whole account.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.nearness import nearest
from validator.read.manifest import Manifest
from validator.rules import rule

TYPE = "kubernetes.io/service-account-token"
ANNOTATION = "kubernetes.io/service-account.name"


@rule(
    "SEC111",
    Severity.ERROR,
    sources=("Kubernetes pkg/apis/core/validation", "Kubernetes pkg/controller/serviceaccount"),
)
def check(estate: Estate) -> Iterator[Problem]:
    makers: dict[tuple[str, str], set[Cluster]] = {}
    for cluster in estate.clusters:
        for account in cluster.of("ServiceAccount", ""):
            makers.setdefault((account.namespace, account.name), set()).add(cluster)
    seen: set[int] = set()
    for cluster in estate.clusters:
        for secret in cluster.of("Secret", ""):
            annotations = secret.metadata.get("annotations")
            name = annotations.get(ANNOTATION) if isinstance(annotations, dict) else None
            if secret.value.get("type") == TYPE and isinstance(name, str) and name:
                yield from _account(cluster, secret, name, makers)
            elif id(secret.document) not in seen and "generator" not in secret.value:
                yield from _content(secret, name)
            seen.add(id(secret.document))


def _content(secret: Manifest, name: object) -> Iterator[Problem]:
    kind = secret.value.get("type")
    if kind == TYPE and name is None:
        yield Problem(secret.at("type"), f"Secret `{secret.name}` of type `{TYPE}` has no annotation `{ANNOTATION}`")
    elif kind != TYPE and isinstance(name, str):
        said = f"is of type `{kind}`" if isinstance(kind, str) else "has no type"
        text = f"Secret `{secret.name}` is annotated for the token of `{name}` and {said}; it gets one as `{TYPE}` only"
        yield Problem(secret.at("metadata", "annotations", ANNOTATION), text, severity=Severity.WARNING)


def _account(
    cluster: Cluster, secret: Manifest, name: str, makers: dict[tuple[str, str], set[Cluster]]
) -> Iterator[Problem]:
    accounts = [account for account in cluster.of("ServiceAccount", "") if account.name]
    known = {account.name: account for account in accounts if account.namespace == secret.namespace}
    if name in known or name == "default" or "$" in name:
        return
    home = next((account for account in accounts if account.name == name), None)
    meant = None if home else nearest(name, known)
    if home is not None:
        hint = f"but in `{home.namespace}`"
    elif meant is not None:
        hint = f"did you mean `{meant}`?"
    elif makers.get((secret.namespace, name), set()) - {cluster} and not cluster.uncertain:
        hint = "as it is in other clusters"
    else:
        return
    yield Problem(
        secret.at("metadata", "annotations", ANNOTATION),
        f"ServiceAccount `{name}` is not made in namespace `{secret.namespace}`, {hint}",
        related=((known[meant].at("metadata", "name"), f"ServiceAccount `{meant}`"),) if meant else (),
        severity=Severity.WARNING,
        absence=cluster.root,
    )
