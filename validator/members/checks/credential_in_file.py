"""A certificate, key or token that is kept in a file beside the kubeconfig.

What it finds:
    `certificate-authority`, `client-certificate`, `client-key` or `tokenFile` in what AMKO is to get.

Why it matters:
    AMKO gets the kubeconfig as an environment variable and writes it into a file of its own; the files that it names are on the
    machine where it was made.
    Source: AMKO gslb/ingestion/gslb.go GenerateKubeConfig (1.9.1 to 2.1.1).

Bad:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443", certificate-authority: ca.crt}}

Good:
    clusters:
      - {name: tkg-a, cluster: {server: "https://192.168.60.40:6443", certificate-authority-data: LS0t...}}

Fix:
    `estate members merge` takes the files in.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.flatten import FILES


@check("MBR110", Severity.ERROR, sources=("AMKO gslb/ingestion/gslb.go GenerateKubeConfig",))
def outside(view: View) -> Iterator[Fault]:
    for member, entry in view.parts("cluster", "user"):
        for key in FILES:
            if key in entry.fields:
                yield Fault(
                    entry.at(key),
                    f"`{key}` of {entry.kind} `{entry.name}` names a file, which AMKO's pod does not have; write `{FILES[key]}`",
                    context=member.name,
                )
