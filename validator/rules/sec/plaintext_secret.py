"""A Secret stands in the repository in the open.

What it finds:
    A Secret, or a literal of a kustomize `secretGenerator`, with a value that is neither encrypted (SOPS) nor a
    placeholder: `REPLACE-ME...`, `CHANGEME`, `<...>`, `${...}`, `xxxx` and the like. User names, URLs and
    certificates do not count; values documents and kubeconfigs inside a Secret are looked into. The value
    itself is never shown.

Why it matters:
    Base64 is no encryption, and git keeps what was pushed: whoever reads the repository, a fork, a CI log or an
    old clone has the password of vCenter, of the Avi controllers or of every member cluster.
    Source: Kubernetes documentation, Good practices for Secrets; fluxcd.io, Manage Kubernetes secrets with
    SOPS.

Bad:
    kind: Secret
    metadata: {name: gslb-avi-secret}
    stringData: {username: admin, password: VMware1!}

Good:
    kind: Secret
    metadata: {name: gslb-avi-secret}
    stringData: {username: admin, password: "ENC[AES256_GCM,data:...,type:str]"}

Fix:
    Change the password, then encrypt the file (`sops --encrypt --in-place`), seal it (`kubeseal`), or fetch it
    with an ExternalSecret. Removing it in a new commit is not enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.exact import Pointer
from validator.read.manifest import Manifest
from validator.rules import rule
from validator.secrets.exposure import in_secret


@rule("SEC201", Severity.ERROR, sources=("GIT-05", "AMKO-SEC-05"), early=True)
def check(estate: Estate) -> Iterator[Problem]:
    for secret in estate.objects("Secret"):
        exposed = list(_exposed(secret)) if secret.group == "" else []
        if exposed:
            names = ", ".join(f"`{pointer[-1]}`" for pointer in exposed)
            what = "key" if len(exposed) == 1 else "keys"
            yield Problem(
                secret.at(*exposed[0]),
                f"Secret `{secret.name}` holds {what} {names} in the open; "
                "encrypted values or placeholders are allowed",
            )
    for document in estate.kustomizations:
        generators = document.value.get("secretGenerator")
        for index, entry in enumerate(generators if isinstance(generators, list) else []):
            literals = entry.get("literals") if isinstance(entry, dict) else None
            for order, literal in enumerate(literals if isinstance(literals, list) else []):
                key, _, value = str(literal).partition("=")
                if in_secret(key, value, encoded=False):
                    yield Problem(
                        document.ref("secretGenerator", index, "literals", order),
                        f"secretGenerator `{entry.get('name')}` holds key `{key}` in the open",
                    )


def _exposed(secret: Manifest) -> Iterator[Pointer]:
    for field in ("data", "stringData"):
        values = secret.value.get(field)
        for key, value in values.items() if isinstance(values, dict) else ():
            if in_secret(key, value, encoded=field == "data"):
                yield (field, key)
