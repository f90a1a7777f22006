"""The Secrets whose name and keys the AKO and AMKO charts fix, and where each cluster has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from validator.facts import names
from validator.model import Cluster, Release
from validator.nearness import distance
from validator.secrets.objects import AVI_SYSTEM, GSLB_CONFIG, GSLB_MEMBERS, SecretObject, secrets


@dataclass(frozen=True, slots=True)
class Constant:
    """A Secret that a chart looks up by a fixed name; each of `keys` is a set of which one key must be there."""

    name: str
    chart: str
    keys: tuple[tuple[str, ...], ...]
    reader: str


CONSTANTS = (
    Constant(GSLB_CONFIG, "amko", ((GSLB_MEMBERS,),), "both containers of AMKO read it as `GSLB_CONFIG`"),
    Constant(names.AMKO_SECRET, "amko", (("username",), ("password",)), "AMKO logs in to the GSLB leader with it"),
    Constant(
        names.AKO_SECRET,
        "ako",
        (("username",), ("password", "authtoken")),
        "AKO logs in to its controller with it",
    ),
)
"""Source: helm/amko/templates/statefulset.yaml and secret.yaml, helm/ako/templates/secret.yaml, 1.9.1 to 2.2.1."""
NAMES = frozenset(constant.name for constant in CONSTANTS)


def releases(cluster: Cluster, constant: Constant) -> list[Release]:
    """Return the releases in a cluster that look a Secret up."""
    return cluster.amko if constant.chart == "amko" else [release for release in cluster.ako if release.is_chart]


def named(cluster: Cluster, constant: Constant) -> list[SecretObject]:
    """Return the Secrets of a cluster with the fixed name, in whatever namespace."""
    return [secret for secret in secrets(cluster) if secret.name == constant.name]


def misnamed(cluster: Cluster, constant: Constant) -> Iterator[SecretObject]:
    """Yield the Secrets that were meant to have the fixed name: nearly that name, or the key that only it has."""
    for secret in secrets(cluster):
        if secret.name in NAMES or not secret.name:
            continue
        near = distance(secret.name.lower(), constant.name) <= 3
        keyed = constant.name == GSLB_CONFIG and any(is_members_key(key) for key in secret.keys)
        if near or keyed:
            yield secret


def is_members_key(key: str) -> bool:
    """Return whether a key is `gslb-members` or nearly so."""
    return distance(key.lower().rpartition("/")[2].partition(".")[0], GSLB_MEMBERS) <= 2


def namespaces(cluster: Cluster, constant: Constant) -> set[str]:
    """Return the namespaces in which the chart's pods look; AMKO works in avi-system only."""
    found = {release.namespace for release in releases(cluster, constant) if release.namespace}
    return {AVI_SYSTEM} if constant.chart == "amko" or not found else found
