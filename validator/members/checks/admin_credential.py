"""A member that AMKO enters as its administrator.

What it finds:
    A client certificate of group `system:masters`, as `tanzu cluster kubeconfig get --admin` and kubeadm make it.

Why it matters:
    The kubeconfig lies in every cluster that runs AMKO: who reads that Secret in one site owns all sites. The certificate cannot be
    taken back before it ends.
    Source: Kubernetes, certificate based authentication; kubeadm, `admin.conf`.

Bad:
    users:
      - {name: tkg-a-admin, user: {client-certificate-data: ..., client-key-data: ...}}

Good:
    users:
      - {name: tkg-a, user: {token: ...}}

Fix:
    `estate members rbac` writes an account that may do what AMKO does, and no more; merge its token: `--token-secret`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.checks._ends import every


@check("MBR117", Severity.INFO, sources=("AMKO-FED-11",))
def admin(view: View) -> Iterator[Fault]:
    for one in every(view):
        if one.validity.admin:
            message = f"AMKO enters `{one.member.name}` as its administrator (`system:masters`), and so does who reads the Secret"
            yield Fault(one.entry.at(one.key), message, context=one.member.name)
