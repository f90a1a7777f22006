"""Two AKODeploymentConfigs select the same clusters.

What it finds:
    Two AKODeploymentConfigs of one management cluster of which one asks for labels that the other asks for as
    well, or that both select a `Cluster` of the repository.

Why it matters:
    The AKO Operator takes the first that matches, in the order in which the API server lists them. Which SE
    group, network and ingress settings a cluster gets is chance, and does not change once its label is set.
    Source: load-balancer-operator-for-kubernetes 1.7.0
    pkg/ako-operator/akodeploymentconfig_cluster_mapping_helper.go.

Bad:
    # adc-a
    clusterSelector: {matchLabels: {team: web}}
    # adc-b
    clusterSelector: {matchLabels: {team: web, tier: gold}}

Good:
    # adc-b
    clusterSelector: {matchLabels: {team: api, tier: gold}}

Fix:
    Give each AKODeploymentConfig a value of one common label.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.ako_deployment import FOR_ALL, Selector, by_manager, selectors


@rule("AVI102", Severity.ERROR, sources=("AVI-02", "load-balancer-operator-for-kubernetes 1.7.0 pkg/ako-operator"))
def check(estate: Estate) -> Iterator[Problem]:
    groups = by_manager(one for one in selectors(estate) if one.labels or one.expressions)
    for left, right in (pair for found in groups.values() for pair in combinations(found, 2)):
        if left.name == right.name:
            continue
        both = next(
            (t for t in estate.topologies if t.manager is left.manager and left.takes(t) and right.takes(t)), None
        )
        if both is not None or _contained(left, right) or _contained(right, left):
            where = f"Cluster `{both.name}`" if both else "the same clusters"
            yield Problem(
                right.at,
                f"`{right.name}` and `{left.name}` both select {where}; the AKO Operator takes whichever is listed first",
                related=((left.at, f"`{left.name}` selects here"),),
            )


def _contained(left: Selector, right: Selector) -> bool:
    """Return whether every cluster that `right` selects is selected by `left`; install-ako-for-all yields to others."""
    plain = not left.expressions and not right.expressions and FOR_ALL not in {left.name, right.name}
    return plain and left.labels.items() <= right.labels.items()
