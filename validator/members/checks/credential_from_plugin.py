"""A credential that a program on somebody's machine makes.

What it finds:
    A member whose user has `exec` or `auth-provider`: `tanzu pinniped-auth`, `aws eks get-token`, `gke-gcloud-auth-plugin`, `oidc`.

Why it matters:
    AMKO's pod has none of these programs, and nobody who could sign in: every request to the member fails.
    Source: AMKO Dockerfile.amko (a bare image); client-go plugin/pkg/client/auth/exec.

Bad:
    users:
      - name: tkg-a
        user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: tanzu}}

Good:
    users:
      - name: tkg-a
        user: {token: ...}

Fix:
    Make an account for AMKO in the member, `estate members rbac`, and take its token: `estate members merge --token-secret`.
    `tanzu cluster kubeconfig get NAME --admin` gives a certificate instead of a plugin.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check


@check("MBR108", Severity.ERROR, sources=("client-go plugin/pkg/client/auth/exec",))
def plugin(view: View) -> Iterator[Fault]:
    for member, user in view.parts("user"):
        for key in ("exec", "auth-provider"):
            if key in user.fields:
                yield Fault(
                    user.at(key),
                    f"user `{user.name}` of context `{member.name}` gets its credential from `{key}`, which AMKO's pod cannot run; "
                    "it needs a token or a client certificate",
                    context=member.name,
                )
