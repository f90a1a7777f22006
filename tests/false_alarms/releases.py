"""Every release of AKO with the AMKO that goes with it, on a Kubernetes and a controller that both know."""

from __future__ import annotations

from functools import partial

from tests.false_alarms.declared import clusters
from tests.false_alarms.tree import Data, Tree, rendered
from tests.false_alarms.variant import VARIANTS, Variant, changed
from validator.facts import ako

COMBINATIONS = {
    "1.9": ("1.9.1", "2.1", "v1.24.9+vmware.1", "22.1.2"),
    "1.10": ("1.10.1", "2.1", "v1.24.9+vmware.1", "22.1.3"),
    "1.11": ("1.11.1", "2.3", "v1.26.5+vmware.2", "22.1.4"),
    "1.12": ("1.12.1", "2.4", "v1.27.5+vmware.1", "30.1.1"),
    "1.13": ("1.13.1", "2.4", "v1.27.5+vmware.1", "30.2.1"),
    "1.14": ("1.14.1", "2.5", "v1.29.15+vmware.1", "30.2.1"),
    "2.1": ("2.1.1", "2.5", "v1.29.15+vmware.1", "30.2.1"),
    "2.2": ("2.2.1", "2.5", "v1.29.15+vmware.1", "31.1.1"),
}
"""For each minor of AKO: AMKO, TKG, Kubernetes, Avi."""


def at(release: str, engine: str) -> Tree:
    """Render the lab at a release of AKO, under either engine."""
    amko, tkg, kubernetes, avi = COMBINATIONS[release.rpartition(".")[0]]

    def change(estate: Data) -> None:
        estate["engine"] = engine
        estate["versions"].update(ako=release, amko=amko, tkg=tkg)
        for site in estate["sites"]:
            site["avi"]["version"] = avi
        for cluster in clusters(estate):
            cluster["kubernetes"] = kubernetes

    return rendered(changed("lab", change))


for number, known in enumerate(ako.releases()):
    kind = ("flux", "argocd")[number % 2]
    VARIANTS.append(
        Variant(
            f"release-{known}-{kind}",
            f"AKO {known} and its AMKO, within what both support",
            partial(at, known, kind),
        )
    )
