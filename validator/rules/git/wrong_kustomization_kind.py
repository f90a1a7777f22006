"""A kustomization.yaml that kustomize does not take for one.

What it finds:
    A file `kustomization.yaml` with another `kind` than `Kustomization` or `Component`, or with another
    `apiVersion` than kustomize's; both may be left out. Most often it is a Flux Kustomization under that name. And one with nothing in it.

Why it matters:
    kustomize refuses the file: `kind should be Kustomization or Component`. Flux and Argo CD build nothing of
    the folder. A Flux Kustomization under this name is never applied: it is read as instructions for the
    folder. One that is empty is refused as well, with everything that lists it.
    Source: kubernetes-sigs/kustomize api/types/kustomization.go, EnforceFields, CheckEmpty.

Bad:
    # kustomization.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization

Good:
    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization

Fix:
    Write kustomize's `apiVersion`; give a Flux Kustomization another file name.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

NAMING = frozenset({"apiVersion", "kind", "metadata"})
VERSIONS = {"Kustomization": "kustomize.config.k8s.io/v1beta1", "Component": "kustomize.config.k8s.io/v1alpha1"}


@rule("GIT114", Severity.ERROR, sources=("GIT", "kubernetes-sigs/kustomize api/types/kustomization.go"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    sound: set[int] = set()
    for document in estate.kustomizations:
        if id(document.value) in sound:  # files of the same text share one value
            continue
        kind = document.value.get("kind", "Kustomization")
        given = document.value.get("apiVersion")
        if not isinstance(kind, str) or kind not in VERSIONS:
            text = "a kustomization.yaml is a `Kustomization` or a `Component`; kustomize refuses anything else"
            yield Problem(document.ref("kind"), text)
        elif given is not None and given != VERSIONS[kind]:
            shown = f"`{given}`" if isinstance(given, str) else "no text"
            text = f"`apiVersion` of this kustomization.yaml is {shown}, kustomize takes `{VERSIONS[kind]}` only"
            yield Problem(document.ref("apiVersion"), text)
        elif kind == "Kustomization" and all(
            document.value[key] is None for key in document.value if key not in NAMING
        ):
            text = "this kustomization.yaml is empty, and kustomize refuses that; take it out of what lists it, or remove it"
            yield Problem(document.ref(), text)
        else:
            sound.add(id(document.value))
