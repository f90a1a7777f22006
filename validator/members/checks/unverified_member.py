"""A member whose API server is not verified, or by an authority that nobody gave.

What it finds:
    `insecure-skip-tls-verify`; no `certificate-authority-data`. With both an authority and `insecure-skip-tls-verify` it is an error.

Why it matters:
    Without verification anybody on the way can take the token and act as AMKO in the member. Without an authority AMKO trusts those of
    its image, which never signed the server of a TKG cluster. With both, client-go refuses the context.
    Source: client-go transport/transport.go TLSConfigFor, `specifying a root certificates file with the insecure flag is not allowed`.

Bad:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443", insecure-skip-tls-verify: true}}

Good:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443", certificate-authority-data: LS0t...}}

Fix:
    Give the cluster's own authority: `ca.crt` of the token Secret, or of ConfigMap `kube-root-ca.crt`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check


@check("MBR114", Severity.WARNING, sources=("client-go transport/transport.go",))
def unverified(view: View) -> Iterator[Fault]:
    for member, cluster in view.parts("cluster"):
        fields, key = cluster.fields, "insecure-skip-tls-verify"
        authority = bool({"certificate-authority", "certificate-authority-data"} & fields.keys())
        if key in fields and authority:
            message = f"context `{member.name}` has a certificate authority beside `{key}`, which client-go refuses"
            yield Fault(cluster.at(key), message, severity=Severity.ERROR, context=member.name)
        elif key in fields:
            message = (
                f"context `{member.name}` does not verify its server (`{key}`): whoever stands between gets the token"
            )
            yield Fault(cluster.at(key), message, context=member.name)
        elif not authority:
            message = f"context `{member.name}` has no certificate authority: AMKO has only those of its image"
            yield Fault(cluster.at(), message, context=member.name)
