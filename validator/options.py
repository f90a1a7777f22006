"""What a run of `estate validate` is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from validator.finding import Severity


@dataclass(frozen=True, slots=True)
class Options:
    """What to run; rules are named by id, name or subject prefix."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    kubeconform: str = "auto"
    severities: dict[str, Severity] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    """Shell patterns of paths that are not read."""
    baseline: str | None = None
    """Path of the baseline, relative to the root."""
    base: str | None = None
    """Revision that rules on changes compare with."""
    cluster_classes: tuple[str, ...] = ()
    """Files with ClusterClass manifests of your own clusters; they win over the bundled ones."""
