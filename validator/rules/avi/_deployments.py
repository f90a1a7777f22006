"""What the rules on TKG's own AKO ask: who selects whom."""

from __future__ import annotations

from validator.deployments import (
    FOR_ALL,
    FOR_MANAGEMENT,
    GROUP,
    Selector,
    avi_label,
    by_manager,
    configs,
    selectors,
    taker,
)

__all__ = ["FOR_ALL", "FOR_MANAGEMENT", "GROUP", "Selector", "avi_label", "by_manager", "configs", "selectors", "taker"]
