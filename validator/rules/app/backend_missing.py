"""The Service behind an Ingress is not there, or has no such port.

What it finds:
    An Ingress served by AKO whose backend names a port that its Service does not have, or a Service that the
    repository does not make although it makes the others of that namespace, or makes it in another site.

Why it matters:
    AKO makes the virtual service with an empty pool. It is down, its VIP answers nothing, and the health monitor of
    GSLB takes the site out: failover works once, and then there is only one site.
    Source: AKO internal/nodes/validator.go findTargetPort (1.9.2 to 2.1.1).

Bad:
    # Ingress: backend: {service: {name: shop, port: {number: 8080}}}
    kind: Service
    metadata: {name: shop}
    spec: {ports: [{port: 80, targetPort: 8080}]}

Good:
    # Ingress: backend: {service: {name: shop, port: {number: 80}}}
    kind: Service
    metadata: {name: shop}
    spec: {ports: [{port: 80, targetPort: 8080}]}

Fix:
    Name a Service of the same namespace and one of its ports, by number or by name.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.nearness import nearest
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.app._hosts import Backend, backends, listed


@rule("APP126", Severity.ERROR, sources=("tkg-avi APP-03", "AKO internal/nodes/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    whole: dict[tuple[str, str, str], Backend] = {}
    missing: list[Backend] = []
    for found in backends(estate):
        if found.service is None:
            missing.append(found)
            continue
        whole.setdefault((found.ingress.namespace, found.ingress.name, found.rule.host), found)
        ports = found.service.spec.get("ports")
        known = [item for item in ports if isinstance(item, dict)] if isinstance(ports, list) else []
        names = {name for item in known for key in ("port", "name") if isinstance(name := item.get(key), int | str)}
        if found.path.port is None or not names or found.path.port in names or found.service.uncertain:
            continue
        place = (*found.path.pointer, "backend", "service", "port")
        yield _problem(
            found,
            found.ingress.at(*place, "number" if isinstance(found.path.port, int) else "name"),
            f"port `{found.path.port}`",
            f"Service `{found.name}` has {', '.join(f'`{name}`' for name in sorted(map(str, names)))}",
            ((found.service.at("spec", "ports"), f"ports of Service `{found.name}`"),),
        )
    for found in missing:
        sibling = whole.get((found.ingress.namespace, found.ingress.name, found.rule.host))
        yield from _absent(estate, found, sibling)


def _absent(estate: Estate, found: Backend, sibling: Backend | None) -> Iterator[Problem]:
    here = found.cluster.workloads
    foreign = here.foreign(estate.folders)
    place: tuple[tuple[Ref, str], ...] = ()
    same = [name for namespace, name in here.services if namespace == found.ingress.namespace]
    if sibling is not None and not foreign - sibling.cluster.workloads.foreign(estate.folders):
        note, place = (
            f"cluster `{sibling.cluster.name}` has `{sibling.name}`",
            ((sibling.at, "the same Ingress there"),),
        )
    elif same and not foreign:
        note = f"namespace `{found.ingress.namespace}` has {listed(sorted(same))}"
    else:
        return
    meant = nearest(found.name, same)
    hint = f"{note}; did you mean `{meant}`" if meant else note
    yield _problem(found, found.at, f"Service `{found.name}`", hint, place)


def _problem(found: Backend, at: Ref, what: str, hint: str, related: tuple[tuple[Ref, str], ...]) -> Problem:
    title = f"Ingress `{found.ingress.namespace}/{found.ingress.name}`"
    return Problem(
        at,
        f"{what} of {title} is not there in cluster `{found.cluster.name}`, {hint}; the pool stays empty",
        related=related,
        site=found.cluster.site,
        cluster=found.cluster.name,
    )
