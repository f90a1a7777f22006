"""An object of an API version that does not exist, or of a misspelt kind.

What it finds:
    Objects whose kind is known in their API group, but not in this version; and objects of a known group whose
    kind is nearly a known one. Flux, Argo CD and External Secrets are judged by the release that runs, in a
    rule of their own.

Why it matters:
    The API server does not know it: `no matches for kind`. Flux then applies nothing of the Kustomization that
    it belongs to.
    Source: schemas/kinds; Kubernetes deprecation guide; CustomResourceDefinitions of AKO and AMKO.

Bad:
    apiVersion: amko.vmware.com/v1alpha2
    kind: GSLBHostRule

Good:
    apiVersion: amko.vmware.com/v1alpha1
    kind: GSLBHostRule

Fix:
    Write the version, or the kind, that the message names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from validator import schema
from validator.facts import served
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import distance
from validator.read.documents import Document
from validator.rules import rule
from validator.schema.kinds import CORE, folder

STABLE = frozenset({"", "networking.k8s.io", "rbac.authorization.k8s.io"})
"""Groups of Kubernetes itself, whose versions are all known."""
WHOLE = frozenset(
    """kustomize.toolkit.fluxcd.io helm.toolkit.fluxcd.io source.toolkit.fluxcd.io argoproj.io bitnami.com amko.vmware.com
    ako.vmware.com external-secrets.io networking.k8s.io rbac.authorization.k8s.io cluster.x-k8s.io""".split()
)
"""Groups of which we know that they have no kind of these names."""
GONE = {
    **dict.fromkeys(
        (("extensions/v1beta1", "Ingress"), ("networking.k8s.io/v1beta1", "Ingress")), ("networking.k8s.io/v1", "1.22")
    ),
    ("networking.k8s.io/v1beta1", "IngressClass"): ("networking.k8s.io/v1", "1.22"),
    **{
        (f"rbac.authorization.k8s.io/{version}", kind): ("rbac.authorization.k8s.io/v1", "1.22")
        for version in ("v1alpha1", "v1beta1")
        for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
    },
    **{(f"{group}/v1beta1", "Deployment"): ("apps/v1", "1.16") for group in ("extensions", "apps")},
    ("apps/v1beta2", "Deployment"): ("apps/v1", "1.16"),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"): ("apiextensions.k8s.io/v1", "1.22"),
    ("batch/v1beta1", "CronJob"): ("batch/v1", "1.25"),
    ("policy/v1beta1", "PodDisruptionBudget"): ("policy/v1", "1.25"),
}
"""API versions that no Kubernetes of a supported AKO serves. Source: kubernetes.io, Deprecated API Migration Guide."""
KINDS = tuple(
    """Secret ConfigMap Namespace Service ServiceAccount Ingress IngressClass ClusterRole ClusterRoleBinding Role RoleBinding
    Cluster ClusterBootstrap AKODeploymentConfig HostRule HTTPRule AviInfraSetting L4Rule L7Rule SSORule GSLBHostRule GSLBConfig
    GlobalDeploymentPolicy AMKOCluster SealedSecret ExternalSecret SecretStore ClusterSecretStore HelmRelease Kustomization
    GitRepository HelmRepository OCIRepository HelmChart Application ApplicationSet AppProject DNSEndpoint""".split()
)


@rule("SCH102", Severity.ERROR, sources=("SCH", "schemas/kinds"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    known = {(one.api_version, one.kind) for one in estate.distinct if one.kind and one.api_version}
    if all(schema.known(*pair) for pair in known):
        return
    for document in estate.documents:
        if document.kind and document.api_version and not schema.known(document.api_version, document.kind):
            yield from _judge(document)


def _judge(document: Document) -> Iterator[Problem]:
    group, kind = document.group, document.kind
    if (gone := GONE.get((document.api_version, kind))) is not None:
        now, since = gone
        text = f"{kind} `{document.api_version}` is gone since Kubernetes {since}; it is `{now}`"
        yield Problem(document.ref("apiVersion"), text)
        return
    kinds = _kinds().get(group or CORE)
    if kinds is None or document.path.rpartition("/")[2] in {"kustomization.yaml", "kustomization.yml"}:
        return
    if versions := kinds.get(kind.lower()):
        if served.product_of(group) is None:
            listed = ", ".join(f"`{group}/{version}`".replace("`/", "`") for version in versions)
            severity = None if group in STABLE else Severity.WARNING
            text = f"{kind} is not known in `{document.api_version}`; known are {listed}"
            yield Problem(document.ref("apiVersion"), text, severity=severity)
        return
    home = [one for one, of_group in _kinds().items() if kind.lower() in of_group]
    if group in WHOLE and kind in KINDS and home:
        listed = ", ".join(f"`{one}`" for one in sorted(home))
        text = f"{kind} is not a kind of `{document.api_version}`, it is one of {listed}"
        yield Problem(document.ref("apiVersion"), text.replace(f"`{CORE}`", "`v1`"))
        return
    near = [one for one in KINDS if one.lower() in kinds and 0 < distance(kind.lower(), one.lower()) <= 2]
    if near and len(kind) > 4:
        yield Problem(
            document.ref("kind"), f"kind `{kind}` is not known in `{document.api_version}`, did you mean `{near[0]}`?"
        )


@cache
def _kinds() -> dict[str, dict[str, list[str]]]:
    """Return the versions of every kind by group, as the files of the schemas are named."""
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(folder().glob("*/*.json")):
        kind, _, version = path.stem.rpartition("_")
        found[path.parent.name][kind].append(version)
    return {group: dict(kinds) for group, kinds in found.items()}
