"""What is called otherwise than before in a release of a chart."""

from __future__ import annotations

from validator.change import Pair, survives
from validator.model import Release
from validator.read.documents import Ref


def renamed(pair: Pair[Release]) -> tuple[Ref, str] | None:
    """Return place and description of the first name of a release that changed; plain manifests have none."""
    old, new = pair.old, pair.new
    if not (old.is_chart and new.is_chart) or old.engine != new.engine:
        return None
    subject = f"of {new.chart.upper()} in cluster `{new.cluster.name}`"
    if old.name != new.name:
        return _name_at(new), f"the release {subject} was called `{old.name}` and is called `{new.name}`"
    if old.namespace != new.namespace and old.namespace and new.namespace:
        text = f"the release {subject} was in namespace `{old.namespace}` and is in `{new.namespace}`"
        return _namespace_at(new), text
    before, now = (f"{one.manifest.namespace}/{one.manifest.name}" for one in (old, new))
    if new.engine == "flux" and before != now and not survives(old.manifest, old.cluster):
        text = f"the HelmRelease {subject} was called `{before}` and is called `{now}`"
        return new.manifest.at("metadata", "name"), text
    return None


def _name_at(release: Release) -> Ref:
    found = "releaseName" in release.manifest.spec
    return release.manifest.at("spec", "releaseName") if found else release.manifest.at("metadata", "name")


def _namespace_at(release: Release) -> Ref:
    if release.engine == "argocd":
        return release.manifest.at("spec", "destination", "namespace")
    found = "targetNamespace" in release.manifest.spec
    return release.manifest.at("spec", "targetNamespace") if found else release.manifest.at("metadata", "namespace")
