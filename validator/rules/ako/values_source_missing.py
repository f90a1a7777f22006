"""A release takes values from a Secret or ConfigMap that its cluster does not get.

What it finds:
    An entry of `valuesFrom` of an AKO or AMKO HelmRelease whose Secret or ConfigMap nothing in the repository makes
    in the release's namespace, although it makes one with almost that name there, or the same release finds its own
    in another cluster; an entry whose key the object does not have.

Why it matters:
    helm-controller fails: `could not find Secret`, `missing key 'values.yaml' in Secret`. The release stays at its
    last state; a new cluster gets no AKO at all.
    Source: fluxcd.io HelmRelease v2, Values.

Bad:
    # the repository makes Secret ako-credentials
    valuesFrom: [{kind: Secret, name: ako-credential, valuesKey: values.yaml}]

Good:
    valuesFrom: [{kind: Secret, name: ako-credentials, valuesKey: values.yaml}]

Fix:
    Name the object and its key as they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate, Release
from validator.nearness import nearest
from validator.read.documents import Ref
from validator.rules import rule
from validator.secrets.objects import secrets

DEFAULT_KEY = "values.yaml"
Sources = dict[tuple[str, str], tuple[Collection[str], bool, Callable[[], Ref]]]


@rule("AKO134", Severity.ERROR, sources=("AKO-25", "AMKO-SEC-03", "fluxcd.io HelmRelease v2"))
def check(estate: Estate) -> Iterator[Problem]:
    missing: list[tuple[Release, int, dict[str, Any], Sources]] = []
    found: set[tuple[str, str, str]] = set()
    for cluster in estate.clusters:
        for release in (*cluster.ako, *cluster.amko):
            if release.engine != "flux":
                continue
            made = _made(release)
            for index, entry in _entries(release):
                known = made.get((entry["kind"], entry["name"]))
                if known is None:
                    missing.append((release, index, entry, made))
                    continue
                found.add((release.chart, entry["kind"], release.manifest.namespace))
                key = entry.get("valuesKey", DEFAULT_KEY)
                if isinstance(key, str) and key not in known[0] and not known[1]:
                    place = "valuesKey" if "valuesKey" in entry else "name"
                    yield Problem(
                        release.manifest.at("spec", "valuesFrom", index, place),
                        f"{entry['kind']} `{entry['name']}` has no key `{key}`; helm-controller fails",
                        related=((known[2](), f"{entry['kind']} `{entry['name']}`"),),
                    )
    for release, index, entry, made in missing:
        meant = nearest(entry["name"], [name for kind, name in made if kind == entry["kind"]])
        elsewhere = _elsewhere(release, entry)
        if meant is not None or elsewhere or (release.chart, entry["kind"], release.manifest.namespace) in found:
            meant = None if elsewhere else meant
            hint = f", did you mean `{meant}`" if meant else f", {elsewhere or 'as it is for other clusters'}"
            yield Problem(
                release.manifest.at("spec", "valuesFrom", index, "name"),
                f"{entry['kind']} `{entry['name']}` is not made in namespace `{release.manifest.namespace}` of "
                f"cluster `{release.cluster.name}`{hint}; helm-controller fails",
                related=((made[(entry["kind"], meant)][2](), f"{entry['kind']} `{meant}`"),) if meant else (),
                absence=release.cluster.root,
            )


def _elsewhere(release: Release, entry: dict[str, Any]) -> str:
    """Return where else in the cluster something of the name is, or what else is beside the release under that name."""
    made = {one.name: one.namespace for one in secrets(release.cluster)}
    if entry["name"] not in made:
        return ""
    if entry["kind"] == "ConfigMap":
        return "but a Secret is of that name"
    return f"but in `{made[entry['name']]}`, and a HelmRelease takes from its own namespace only"


def _entries(release: Release) -> Iterator[tuple[int, dict[str, Any]]]:
    entries = release.manifest.spec.get("valuesFrom")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict) or entry.get("optional") is True:
            continue
        name = entry.get("name")
        if entry.get("kind") in ("Secret", "ConfigMap") and isinstance(name, str) and name and "$" not in name:
            yield index, entry


def _made(release: Release) -> Sources:
    """Return the Secrets and ConfigMaps beside a release: their keys, whether there may be more, and their place."""
    namespace, cluster = release.manifest.namespace, release.cluster
    found: Sources = {}
    for secret in secrets(cluster):
        if secret.namespace in {namespace, ""}:
            found[("Secret", secret.name)] = (secret.keys, secret.more or not secret.keys, secret.name_at)
    for item in cluster.of("ConfigMap", ""):
        if item.namespace in {namespace, ""}:
            keys = {key for part in ("data", "binaryData") for key in item.value.get(part) or {}}
            found[("ConfigMap", item.name)] = (keys, bool(item.uncertain), partial(item.at, "metadata", "name"))
    return found
