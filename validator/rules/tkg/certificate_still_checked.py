"""A certificate of an image repository that is checked all the same.

What it finds:
    `imageRepository.tlsCertificateValidation: false` without an entry in `trust.additionalTrustedCAs`, in class
    `tkg-vsphere-default-v1.0.0` of TKG 2.1 and 2.2.

Why it matters:
    The patch that tells containerd to skip the check is made only where `trust.additionalTrustedCAs` is not empty.
    Without an entry the nodes check the certificate, cannot pull from a repository with one of its own, and never
    become ready.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere/bundle/config/upstream/base.yaml, patch
    registryCACert (`enabledIf`).

Bad:
    - name: imageRepository
      value: {host: harbor.example.com, tlsCertificateValidation: false}

Good:
    - name: imageRepository
      value: {host: harbor.example.com}
    - name: trust
      value: {additionalTrustedCAs: [{name: imageRepository, data: LS0tLS1CRUdJTi...}]}

Fix:
    Give the authority of the repository under the name `imageRepository`, and leave `tlsCertificateValidation` out.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import tkg
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import ABSENT


@rule("TKG131", Severity.ERROR, sources=("tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere",))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        checked = topology.value("imageRepository", "tlsCertificateValidation")
        host = topology.value("imageRepository", "host")
        entries = topology.value("trust", "additionalTrustedCAs")
        if tkg.trusted_authorities(topology.class_name or "") is None or checked is not False:
            continue
        if host in (ABSENT, "", None) or (entries is not ABSENT and entries not in ([], None)):
            continue
        yield Problem(
            topology.at("imageRepository", "tlsCertificateValidation"),
            f"nodes of `{topology.name}` check the certificate all the same: the class reads this "
            "only where `trust.additionalTrustedCAs` has an entry",
        )
