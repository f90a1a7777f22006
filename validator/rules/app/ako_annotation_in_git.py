"""An Ingress or Service carries annotations that AKO writes itself.

What it finds:
    `ako.vmware.com/host-fqdn-vs-uuid-map`, `ako.vmware.com/controller-cluster-uuid` or `ako.vmware.com/tenant-name`
    on an Ingress or Service in the repository, or a `status` with addresses, as `kubectl get -o yaml` prints them.

Why it matters:
    AMKO takes the virtual service and the controller of a member from these annotations. A manifest copied from
    site 1 makes the object of site 2 point at site 1's virtual service, and each sync takes back what AKO wrote. A
    status does no harm by itself, the API server leaves it out; it only shows that the manifest was copied.
    Source: AMKO gslb/k8sobjects/ingress_object.go parseVSAndControllerAnnotations; AKO internal/status (1.9.1 to
    2.1.1).

Bad:
    metadata:
      annotations:
        ako.vmware.com/controller-cluster-uuid: cluster-5a1e8b0c

Good:
    metadata:
      annotations: {}

Fix:
    Delete the annotations and the status from the manifest.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

OWNED = (
    "ako.vmware.com/host-fqdn-vs-uuid-map",
    "ako.vmware.com/controller-cluster-uuid",
    "ako.vmware.com/tenant-name",
)


@rule("APP118", Severity.ERROR, sources=("APP-16", "AMKO gslb/k8sobjects/ingress_object.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for cluster in estate.holders("Ingress", "Service"):
        for kind in ("Ingress", "Service"):
            for item in cluster.of(kind):
                title = f"{kind} `{item.namespace}/{item.name}`"
                for name in OWNED:
                    if name in item.annotations:
                        yield Problem(
                            item.at("metadata", "annotations", name, key=True),
                            f"annotation `{name}` of {title} is AKO's to write; from Git it names another object's "
                            "virtual service or controller",
                        )
                if item.get("status", "loadBalancer", "ingress"):
                    yield Problem(
                        item.at("status", key=True),
                        f"{title} carries a status with addresses, copied from a cluster; it has no effect",
                        severity=Severity.INFO,
                    )
