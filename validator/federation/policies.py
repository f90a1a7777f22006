"""The GSLB policies of a cluster: the one that the AMKO chart writes, GlobalDeploymentPolicy and GSLBHostRule objects.

All three have the same settings under the same names; `Policy` gives them with their places, whatever they stand in.
Source: AMKO helm/amko/crds/{gdp_def,gslbhostrule_def}.yaml, helm/amko/templates/gdp.yaml (1.9.1 to 2.1.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.facts import names
from validator.model import Cluster, Estate, Release
from validator.once import once
from validator.read.documents import Ref
from validator.read.effective import MISSING
from validator.read.exact import Pointer
from validator.read.manifest import Manifest, dig
from validator.schema.faults import tells, tells_of

NAMESPACE = names.NAMESPACE
GROUP = names.AMKO_GROUP
_BLOCK = "globalDeploymentPolicy"
_SELECTORS = ("appSelector", "namespaceSelector")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of one cluster: from chart values (`manifest` is None) or an object."""

    cluster: Cluster
    release: Release | None
    manifest: Manifest | None

    @property
    def from_chart(self) -> bool:
        """Return whether the AMKO chart writes the policy, which leaves out what is empty or 0."""
        return self.manifest is None

    @property
    def version(self) -> str | None:
        """Return the AMKO version of the cluster, None where it is not known."""
        return self.release.version if self.release is not None else None

    @property
    def open(self) -> bool:
        """Return whether a setting that is missing here may be set in a place that is not read."""
        if self.manifest is not None:
            return bool(self.manifest.uncertain)
        if self.release is None or self.release.values.unknown:
            return True
        return "GlobalDeploymentPolicy" in str(self.release.manifest.spec.get("postRenderers", ""))

    def told(self, *pointer: str | int) -> bool:
        """Return whether a schema tells already what is wrong with a setting, or why it is missing."""
        if self.manifest is not None:
            return tells_of(self.manifest, *self._within(pointer))
        return self.release is not None and tells(self.release, _BLOCK, *pointer)

    @property
    def title(self) -> str:
        """Return how messages call the policy; without the cluster, as one object may serve several."""
        if self.manifest is None:
            return "the policy"
        return f"{self.manifest.kind} `{self.manifest.namespace}/{self.manifest.name}`"

    def get(self, *pointer: str | int) -> Any:
        """Return a setting, MISSING where it is not set; a null counts as not set."""
        if self.manifest is None:
            assert self.release is not None
            value = self.release.get(_BLOCK, *pointer)
        else:
            value = dig(self.manifest.value, self._within(pointer))
        return MISSING if value is None else value

    def at(self, *pointer: str | int, key: bool = False) -> Ref:
        """Return the place of a setting, of the nearest thing above it where it is not set."""
        if self.manifest is None:
            assert self.release is not None
            return self.release.at(_BLOCK, *pointer, key=key)
        return self.manifest.at(*self._within(pointer), key=key)

    def _within(self, pointer: Pointer) -> Pointer:
        selector = self.manifest is not None and self.manifest.kind == "GlobalDeploymentPolicy" and pointer[:1] != ()
        if selector and pointer[0] in _SELECTORS:
            return ("spec", "matchRules", *pointer)
        return ("spec", *pointer)

    def items(self, key: str) -> list[tuple[int, dict[str, Any]]]:
        """Return the maps of a list with their indexes, empty where there is no list."""
        found = self.get(key)
        listed = found if isinstance(found, list) else []
        return [(index, item) for index, item in enumerate(listed) if isinstance(item, dict)]

    def texts(self, key: str, name: str) -> set[str]:
        """Return the texts that the maps of a list have under one name."""
        return {text for _, item in self.items(key) if isinstance(text := item.get(name), str)}

    def path(self, *pointer: str | int) -> str:
        """Return a setting's path as the user writes it."""
        text = ".".join(str(step) for step in pointer)
        return f"{_BLOCK}.{text}" if self.manifest is None else ".".join(map(str, self._within(pointer)))


@once
def policies(estate: Estate) -> list[Policy]:
    """Return the policies that AMKO reads, cluster by cluster."""
    return [policy for cluster in estate.clusters for policy in policies_of(cluster)]


def policies_of(cluster: Cluster) -> Iterator[Policy]:
    """Yield the policies of one cluster: of the AMKO chart, and the GlobalDeploymentPolicy objects in AMKO's namespace."""
    for release in cluster.amko:
        if release.engine != "manifests":
            yield Policy(cluster, release, None)
    first = cluster.amko[0] if cluster.amko else None
    for manifest in cluster.of("GlobalDeploymentPolicy", GROUP):
        if manifest.namespace == NAMESPACE and manifest.api_version == f"{GROUP}/v1alpha2":
            yield Policy(cluster, first, manifest)


def host_rules(estate: Estate) -> Iterator[Policy]:
    """Yield the GSLBHostRule objects of all clusters."""
    for cluster in estate.holders("GSLBHostRule"):
        release = cluster.amko[0] if cluster.amko else None
        for manifest in cluster.of("GSLBHostRule", GROUP):
            yield Policy(cluster, release, manifest)
