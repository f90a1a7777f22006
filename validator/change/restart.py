"""Settings that AKO and AMKO read once, at start: which of them a change touches, and whether the pod restarts too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator import values
from validator.change import Pair
from validator.facts import change
from validator.model import Release
from validator.read.effective import MISSING
from validator.values.checksum import stamp

Pointer = tuple[str, ...]

_BY_NAME = {("configs", "memberClusters"): "clusterContext"}


def unread_changes(pair: Pair[Release]) -> list[Pointer]:
    """Return the settings that a change leaves without effect, as the pod goes on with the old ones."""
    # A stamp that was not renewed is told by the rule on stamps, which needs no base.
    if pod_restarts(pair) is not False or stamp(pair.new.values.merged) is not None:
        return []
    chart, nodes = pair.new.chart, _shape(pair.new)[1]
    unread = [pointer for pointer, _, _ in changes(pair) if change.read_at_start(chart, pointer)]
    return [pointer for pointer in unread if nodes or pointer[0] != "nodePortSelector"]


def pod_restarts(pair: Pair[Release]) -> bool | None:
    """Return whether a change is written into the pod template, None where that cannot be seen."""
    old, new = pair.old, pair.new
    if (old.version, old.engine) != (new.version, new.engine):
        return True
    if new.engine == "tkg":
        return None
    if new.engine == "manifests":
        before, now = _template(old), _template(new)
        return before != now if before is not None and now is not None else None
    if (renderers := new.manifest.spec.get("postRenderers")) != old.manifest.spec.get("postRenderers"):
        return None
    if "reloader" in str(renderers).lower():
        return None
    if new.chart == "ako" and _shape(old) != _shape(new):
        return True
    return any(change.rolls_pod(new.chart, pointer) for pointer, _, _ in changes(pair))


def changes(pair: Pair[Release]) -> Iterator[tuple[Pointer, Any, Any]]:
    """Yield the chart values that a change touches, old and new, defaults of the chart counted in."""
    yield from _differences(_effective(pair.old), _effective(pair.new), (), pair)


def _effective(release: Release) -> dict[str, Any]:
    merged = release.values.merged
    found = values.effective(release.chart, release.version, merged) if release.version else None
    return merged if found is None else found


def _differences(
    old: Any, new: Any, pointer: tuple[str, ...], pair: Pair[Release]
) -> Iterator[tuple[Pointer, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences(old.get(key, MISSING), new.get(key, MISSING), (*pointer, str(key)), pair)
        return
    if _text(pointer, old) == _text(pointer, new):
        return
    known = pair.new.version is not None and values.schema_for(pair.new.chart, pair.new.version) is not None
    for release in (pair.old, pair.new):
        if not release.values.has(*pointer) and (release.values.unknown or not known):
            return
    yield pointer, old, new


def _text(pointer: tuple[str, ...], value: Any) -> str:
    """Return a value as the templates write it: an empty one and none at all are the same."""
    if value is MISSING or value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if pointer in _BY_NAME and isinstance(value, list):
        return str(sorted(str(item.get(_BY_NAME[pointer])) if isinstance(item, dict) else str(item) for item in value))
    return str(value)


def _shape(release: Release) -> tuple[bool, bool]:
    """Return what brings environment variables into AKO's pod template: an overlay network, and NodePort."""
    found = _effective(release)
    network, layer7 = found.get("NetworkSettings"), found.get("L7Settings")
    overlay = isinstance(network, dict) and bool(network.get("nsxtT1LR"))
    return overlay, isinstance(layer7, dict) and layer7.get("serviceType") == "NodePort"


def _template(release: Release) -> Any:
    found = release.cluster.find("StatefulSet", release.namespace, "amko")
    return found.get("spec", "template") if found else None
