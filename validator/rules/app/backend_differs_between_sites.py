"""The same Ingress points at another Service in another site.

What it finds:
    The same path of an Ingress (namespace, name and host alike) with another Service or port than in most other
    clusters, where the repository does not hold that Service.

Why it matters:
    The application is the same, so is its Service. A wrong name or port leaves the pool empty: the virtual service
    of that site is down and GSLB has a member less, which shows only when it is needed.
    Source: AKO internal/nodes/validator.go findTargetPort (1.9.2 to 2.1.1).

Bad:
    # site01
    backend: {service: {name: frontend, port: {number: 80}}}
    # site02
    backend: {service: {name: frontent, port: {number: 80}}}

Good:
    # site02
    backend: {service: {name: frontend, port: {number: 80}}}

Fix:
    Name the same Service and port in every site; where they differ on purpose, keep the Service in the repository.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.app._hosts import Backend, backends, declared_hosts


@rule("APP131", Severity.WARNING, sources=("tkg-avi APP-03", "AKO internal/nodes/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    declared = declared_hosts(estate)
    groups: dict[tuple[str, str, str, str], list[Backend]] = {}
    for found in backends(estate):
        ingress = found.ingress
        groups.setdefault((ingress.namespace, ingress.name, found.rule.host, found.path.path), []).append(found)
    for (_, _, host, _), group in groups.items():
        count = Counter((found.name, found.path.port) for found in group)
        if len(count) < 2 or len({found.cluster for found in group}) < len(group) or not host or host in declared:
            continue
        usual = count.most_common(1)[0][0]
        one = next(found for found in group if (found.name, found.path.port) == usual)
        for found in group:
            if (found.name, found.path.port) == usual or found.service is not None or one.service is not None:
                continue
            place = "name" if found.name != usual[0] else "port"
            if place == "port" and found.path.port is None:
                continue  # of the wrong type, or not there
            yield Problem(
                found.at if place == "name" else found.ingress.at(*found.path.pointer, "backend", "service", "port"),
                f"Ingress `{found.ingress.namespace}/{found.ingress.name}` of cluster `{found.cluster.name}` points "
                f"at `{found.name}:{found.path.port}`, in `{one.cluster.name}` at `{usual[0]}:{usual[1]}`",
                related=((one.at, f"`{one.cluster.name}`"),),
                site=found.cluster.site,
                cluster=found.cluster.name,
            )
