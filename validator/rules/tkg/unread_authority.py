"""A trusted authority that no node reads.

What it finds:
    An entry of `trust.additionalTrustedCAs` whose name is neither `proxy` nor `imageRepository`, in class
    `tkg-vsphere-default-v1.0.0` of TKG 2.1 and 2.2.

Why it matters:
    The class looks for these two names alone: it puts the certificate of `proxy` into the nodes' trust store, and
    the one of `proxy`, else of `imageRepository`, beside containerd for the image repository. Any other entry is
    accepted by its schema and dropped, so that the nodes do not trust what they are meant to.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere/bundle/config/upstream/base.yaml, patches
    httpProxyCACert and registryCACert.

Bad:
    - name: trust
      value: {additionalTrustedCAs: [{name: corporate, data: LS0tLS1CRUdJTi...}]}

Good:
    - name: trust
      value: {additionalTrustedCAs: [{name: proxy, data: LS0tLS1CRUdJTi...}]}

Fix:
    Call it `proxy`, for everything that the nodes reach, or `imageRepository`, for the image repository alone; several
    certificates go into one entry, as one PEM text.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.estate_file.flaw import shown
from validator.facts import tkg
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule


@rule("TKG130", Severity.ERROR, sources=("tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere",))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        entries = topology.value("trust", "additionalTrustedCAs")
        known = tkg.trusted_authorities(topology.class_name or "")
        if known is None or not isinstance(entries, list):
            continue
        for index, entry in enumerate(entries):
            name = entry.get("name") if isinstance(entry, dict) else None
            if isinstance(name, str) and name not in known:
                yield Problem(
                    topology.at("trust", "additionalTrustedCAs", index, "name"),
                    f"nodes of `{topology.name}` do not read the authority {shown(name)}, "
                    f"only {' and '.join(f'`{one}`' for one in known)}",
                )
