"""The label that the policy selects by is missing in one site.

What it finds:
    An Ingress host (or a Service of type LoadBalancer) that the policy selects in one member cluster, and that is
    there in another one too, but without the label of `appSelector`, or in a namespace without that of
    `namespaceSelector`. With both selectors both labels are needed.

Why it matters:
    AMKO passes over the object with an INFO line only (`rejected because of appSelector`, `rejected because
    namespace is not selected`). The GSLB service stays with the members of the other sites and looks healthy.
    Source: AMKO gslb/k8sobjects/ingress_object.go ApplyGDPSelector (1.9.1 to 2.1.1).

Bad:
    # site02, policy with appSelector {label: {app: gslb}}
    metadata: {name: shop, namespace: shop}

Good:
    metadata: {name: shop, namespace: shop, labels: {app: gslb}}

Fix:
    Put the label on the object (or on its Namespace) in every site, spelt alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.selection import Candidate, Pair, Policy, Selection, Verdict
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.rules.app._hosts import declared_hosts


@rule(
    "APP103",
    Severity.ERROR,
    sources=("APP-02", "APP-03", "tkg-avi APP-04", "AMKO gslb/k8sobjects/ingress_object.go@2.1.1"),
)
def check(estate: Estate) -> Iterator[Problem]:
    declared = declared_hosts(estate)
    for selection in estate.selections:
        if not selection.policy.sound or not any(selection.selected):
            continue
        told: set[int] = set()
        for name, group in _groups(selection):
            taken = next((found for found in group if found.selected), None)
            if taken is None and name not in declared:
                continue
            serving = {found.cluster for found in group if found.selected}
            for found in group:
                if found.cluster in serving or id(found.manifest) in told:
                    continue
                told.add(id(found.manifest))
                yield from _problem(selection.policy, found, taken)


def _groups(selection: Selection) -> Iterator[tuple[str, list[Candidate]]]:
    for host, clusters in selection.hosts.items():
        yield host, [found for group in clusters.values() for found in group]
    services: dict[tuple[str, str, str], list[Candidate]] = {}
    for found in selection.candidates:
        if found.rule is None:
            services.setdefault(found.identity, []).append(found)
    yield from ((found[0].host, found) for found in services.values())


def _problem(policy: Policy, found: Candidate, taken: Candidate | None) -> Iterator[Problem]:
    kind, namespace, name = found.identity
    if found.verdict is Verdict.APP_LABEL and policy.app:
        other = taken.manifest if taken else None
        yield _missing("appSelector", policy.app, found, found.manifest, f"{kind} `{namespace}/{name}`", taken, other)
        return
    made = found.cluster.workloads.namespaces.get(namespace)
    other = taken.cluster.workloads.namespaces.get(namespace) if taken else None
    if policy.namespace and found.verdict is Verdict.NAMESPACE_LABEL:
        title = f"Namespace `{namespace}`"
        yield _missing("namespaceSelector", policy.namespace, found, made, title, taken, other)


def _missing(
    selector: str, label: Pair, found: Candidate, manifest: Manifest | None, title: str,
    taken: Candidate | None, other: Manifest | None,
) -> Problem:  # fmt: skip
    key, value = label
    labels = manifest.labels if manifest else {}
    has = f" (it has `{key}: {labels[key]}`)" if key in labels else ""
    at = manifest.at("metadata", "labels", *([key] if has else []), key=not has) if manifest and labels else None
    there = f", as it is in `{taken.cluster.name}`" if taken else ""
    related: list[tuple[Ref, str]] = []
    if taken is not None and other is not None and key in other.labels:
        related.append((other.at("metadata", "labels", key), f"`{taken.cluster.name}` has the label"))
    return Problem(
        at or (manifest.at("metadata", "name") if manifest else found.at),
        f"label `{key}: {value}` of {selector} is not on {title} in cluster `{found.cluster.name}`{has}{there}; AMKO "
        "passes over the object",
        related=tuple(related),
        site=found.cluster.site,
        cluster=found.cluster.name,
    )
