"""A certificate, a key or a token that cannot be read.

What it finds:
    Data that is not base64 of PEM, holds no certificate or no key, a key that is not the certificate's own or has a passphrase, a
    token with blanks in it, an authority that has a private key beside it.

Why it matters:
    client-go refuses the context, so AMKO skips the member and never tries it again.
    Source: client-go transport/transport.go TLSConfigFor; Go crypto/tls X509KeyPair.

Bad:
    clusters:
      - {name: tkg-a, cluster: {certificate-authority-data: "-----BEGIN CERTIFICATE----- ..."}}

Good:
    clusters:
      - {name: tkg-a, cluster: {certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t...}}

Fix:
    Take the kubeconfig again; data is base64 of the whole PEM file, as `base64 -w0 FILE` writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from validator.finding import Severity
from validator.members import credentials
from validator.members.checks import Fault, View, check
from validator.members.kubeconfig import Entry
from validator.secrets.placeholder import is_placeholder

_READERS: dict[str, Callable[[str], object]] = {
    "certificate-authority-data": credentials.authorities,
    "client-certificate-data": credentials.client_certificate,
    "token": credentials.token,
}


@check("MBR111", Severity.ERROR, sources=("client-go transport/transport.go",))
def unreadable(view: View) -> Iterator[Fault]:
    for member, entry in view.parts("cluster", "user"):
        for key, message in _faults(entry):
            yield Fault(entry.at(key), f"`{key}` of {entry.kind} `{entry.name}` {message}", context=member.name)


def _faults(entry: Entry) -> Iterator[tuple[str, str]]:
    broken = False
    for key, read in _READERS.items():
        text = entry.text(key)
        if not text:
            continue
        if is_placeholder(text):
            if entry.kind == "cluster":  # MBR109 tells it of users
                yield key, "is still a placeholder"
            continue
        try:
            read(text)
        except ValueError as error:
            broken = True
            yield key, str(error)
    certificate, private = entry.text("client-certificate-data"), entry.text("client-key-data")
    if certificate and private and not broken and not is_placeholder(certificate) and not is_placeholder(private):
        try:
            credentials.check_pair(certificate, private)
        except ValueError as error:
            yield "client-key-data", str(error)
