"""A controller password stands in chart values.

What it finds:
    `avicredentials.password`, `avicredentials.authtoken` or `gslbLeaderCredentials.password` with a value that
    is no placeholder: in the values of an AKO or AMKO release, in a ConfigMap that feeds one, or in a values
    file. The value itself is never shown.

Why it matters:
    The password of the Avi controller, which programs every virtual service of the site, is readable by all who
    can read the repository; in a HelmRelease or an Application also by all who can read those objects in the
    cluster.
    Source: AKO helm/ako/templates/secret.yaml, AMKO helm/amko/templates/secret.yaml.

Bad:
    values:
      avicredentials: {username: admin, password: VMware1!}

Good:
    valuesFrom:
      - {kind: Secret, name: ako-credentials, valuesKey: values.yaml}

Fix:
    Change the password. Flux: `valuesFrom` an encrypted Secret; Argo CD: a placeholder in the values and the
    real Secret beside the chart.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.read.manifest import dig
from validator.rules import rule
from validator.secrets.placeholder import is_placeholder

CREDENTIALS = (
    ("avicredentials", "password"),
    ("avicredentials", "authtoken"),
    ("gslbLeaderCredentials", "password"),
)


@rule("SEC202", Severity.ERROR, sources=("AMKO-SEC-05", "AKO helm/ako/templates/secret.yaml@1.9.2"))
def check(estate: Estate) -> Iterator[Problem]:
    seen: set[Ref] = set()
    for at, pointer in _exposed(estate):
        if at not in seen:
            seen.add(at)
            yield Problem(at, f"`{'.'.join(pointer)}` is given in the open; a placeholder or a Secret is allowed")


def _exposed(estate: Estate) -> Iterator[tuple[Ref, tuple[str, str]]]:
    for cluster in estate.clusters:
        for release in (*cluster.ako, *cluster.amko):
            for layer in release.values.layers:
                for pointer in CREDENTIALS:
                    if _open(layer.value, pointer):
                        yield layer.ref(pointer, key=False), pointer
    for document in estate.documents_of(""):
        if isinstance(document.value, dict):
            for pointer in CREDENTIALS:
                if _open(document.value, pointer):
                    yield document.ref(*pointer), pointer


def _open(values: object, pointer: tuple[str, str]) -> bool:
    found = dig(values, pointer)
    return not isinstance(found, bool) and isinstance(found, str | int) and not is_placeholder(str(found))
