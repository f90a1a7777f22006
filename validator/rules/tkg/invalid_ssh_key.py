"""An SSH key that is none.

What it finds:
    Entries of `user.sshAuthorizedKeys` that are no public keys, such as the `none` that satisfies the CLI.

Why it matters:
    It is written into `authorized_keys` of every node as it stands: nobody can log in when a node must be
    looked at.
    Source: tanzu-framework v0.28.3 providers/yttcc/lib/validate.star, VSPHERE_SSH_AUTHORIZED_KEY.

Bad:
    - {name: user, value: {sshAuthorizedKeys: [none]}}

Good:
    - {name: user, value: {sshAuthorizedKeys: ["ssh-ed25519 AAAAC3Nza ops"]}}

Fix:
    Write a public key, or leave the variable out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.secrets.placeholder import is_placeholder

KEY = re.compile(r"(\S+ )?(ssh-(rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) [A-Za-z0-9+/=]+( .*)?\s*")


@rule(
    "TKG116",
    Severity.WARNING,
    sources=("TKG-16", "tanzu-framework v0.28.3 providers/yttcc/lib/validate.star"),
)
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        keys = topology.value("user", "sshAuthorizedKeys")
        for index, text in enumerate(keys if isinstance(keys, list) else []):
            if isinstance(text, str) and not KEY.fullmatch(text) and not is_placeholder(text):
                at = topology.at("user", "sshAuthorizedKeys", index)
                yield Problem(
                    at,
                    f"`{text[:40]}` is no SSH public key; nobody can log in to the nodes of `{topology.name}`",
                )
