"""A cluster name that TKG does not take, or that is too long for what is made of it.

What it finds:
    A `Cluster` on vSphere whose name is no lower-case DNS name of 2 to 63 characters; one from which, with Avi
    in front of the API server, no Service name can be made.

Why it matters:
    The AKO Operator makes a Service `<namespace>-<cluster>-control-plane`, whose name must be a DNS label of 63
    characters that begins with a letter; when it cannot be made, the API server gets no virtual service.
    Source: tanzu-framework tkg/client/validate.go CheckClusterNameFormat; load-balancer-operator 1.7.0
    pkg/haprovider.

Bad:
    metadata: {name: TKG_Site01}

Good:
    metadata: {name: tkg-site01}

Fix:
    Use lower-case letters, digits and hyphens, and keep the name below about 40 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,61}[a-z0-9]")
SERVICE = 63


@rule("TKG128", Severity.ERROR, sources=("tanzu-framework tkg/client/validate.go",))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        name = topology.name
        if not topology.is_vsphere or not name or "${" in name:
            continue
        at = topology.manifest.at("metadata", "name")
        service = f"{topology.namespace}-{name}-control-plane"
        if not NAME.fullmatch(name):
            yield Problem(
                at,
                f"`{name}` is no name for a cluster; lower-case letters, digits and hyphens are, 2 to 63 of them",
            )
        elif topology.value("aviAPIServerHAProvider") is True and (len(service) > SERVICE or "." in name):
            reason = "holds a dot" if "." in name else f"has {len(service)} characters, {SERVICE} are allowed"
            yield Problem(at, f"the Service `{service}` that is made for the API server of `{name}` {reason}")
