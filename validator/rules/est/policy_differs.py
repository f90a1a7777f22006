"""All sites follow a policy that is not the one of the estate file.

What it finds:
    A setting of AMKO that is the same in every cluster, but not as `estate.yaml` has it: selectors, GSLB leader
    controller, tenant, TTL, refresh interval, custom global FQDNs. Where the clusters differ among themselves,
    other rules tell.

Why it matters:
    A change made in the manifests only is undone by the next rendering: a selector that changes back takes
    applications out of GSLB, another leader controller makes every AMKO talk to a controller that no longer
    leads.
    Source: AMKO gslb/ingestion/gdp_controller.go, gslb/gslbutils/gdputils.go (1.9.1 to 2.1.1).

Bad:
    # estate.yaml
    amko: {appSelector: {app: gslb}}
    # every site
    globalDeploymentPolicy: {appSelector: {label: {app: global}}}

Good:
    globalDeploymentPolicy: {appSelector: {label: {app: gslb}}}

Fix:
    Make the estate file and the manifests say the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate, Federation
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.est._declared import differs, entries

SETTINGS: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (("configs", "gslbLeaderController"), ("gslb", "leaderController"), ("gslb", "leader")),
    (("configs", "tenant"), ("amko", "tenant"), ("amko", "tenant")),
    (("configs", "refreshInterval"), ("amko", "refreshInterval"), ("amko", "refreshInterval")),
    (("configs", "useCustomGlobalFqdn"), ("amko", "useCustomGlobalFqdn"), ("amko", "useCustomGlobalFqdn")),
    (("globalDeploymentPolicy", "appSelector", "label"), ("amko", "appSelector"), ("amko", "appSelector")),
    (
        ("globalDeploymentPolicy", "namespaceSelector", "label"),
        ("amko", "namespaceSelector"),
        ("amko", "namespaceSelector"),
    ),
    (("globalDeploymentPolicy", "ttl"), ("amko", "ttl"), ("amko", "ttl")),
)
"""Chart value, the resolved key of the estate file, and the key that a user wrote."""


@rule("EST208", Severity.ERROR, sources=("EST", "AMKO gslb/gslbutils/gdputils.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    known = {id(entry.cluster) for entry in entries(estate)}
    for federation in estate.federations:
        if estate.declared and all(id(cluster) in known for cluster in federation.clusters):
            yield from _settings(estate, federation)


def _settings(estate: Estate, federation: Federation) -> Iterator[Problem]:
    first = federation.releases[0]
    for pointer, source, said in SETTINGS:
        given = first.get(*pointer)
        wanted = dig(estate.declared.resolved, source) if estate.declared else None
        same = all(release.get(*pointer) == given for release in federation.releases)
        if same and estate.declared and wanted not in (None, {}) and type(given) is type(wanted) and given != wanted:
            what = f"`{'.'.join(pointer)}` of every site"
            yield differs(first.at(*pointer), what, _text(given), _text(wanted), estate.declared.at(*said))


def _text(value: object) -> str:
    return ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
