"""An L4Rule's hash settings do not go with its algorithm.

What it finds:
    `lbAlgorithm: LB_ALGORITHM_CONSISTENT_HASH` without `lbAlgorithmHash`, a hash of a custom header without
    `lbAlgorithmConsistentHashHdr`, or either of the two with another algorithm.

Why it matters:
    The schema takes them; AKO rejects the L4Rule: `lbAlgorithmHash must be specified when lbAlgorithm is`, and the
    Service keeps the defaults.
    Source: AKO internal/k8s/validator.go validateLBAlgorithm (1.10.1 to 2.1.1).

Bad:
    spec: {backendProperties: [{port: 80, protocol: TCP, lbAlgorithm: LB_ALGORITHM_CONSISTENT_HASH}]}

Good:
    spec: {backendProperties: [{port: 80, protocol: TCP, lbAlgorithm: LB_ALGORITHM_ROUND_ROBIN}]}

Fix:
    Give the hash with the consistent hash, and with no other algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.crd._objects import items, objects, title

PROPERTIES = ("spec", "backendProperties")
ALGORITHM, HASH, HEADER = "lbAlgorithm", "lbAlgorithmHash", "lbAlgorithmConsistentHashHdr"
CONSISTENT, CUSTOM = "LB_ALGORITHM_CONSISTENT_HASH", "LB_ALGORITHM_CONSISTENT_HASH_CUSTOM_HEADER"


@rule("CRD111", Severity.ERROR, sources=("HR-11", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for _, item in objects(estate, "L4Rule"):
        for index, part in items(item.value, *PROPERTIES):
            for key, text in _faults(part) if isinstance(part, dict) else ():
                yield Problem(item.at(*PROPERTIES, index, key), f"{text}; AKO rejects {title(item)}")


def _faults(part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    algorithm = part.get(ALGORITHM)
    if algorithm == CONSISTENT:
        if part.get(HASH) is None:
            yield ALGORITHM, f"`{HASH}` is required with `{algorithm}`"
        elif part[HASH] == CUSTOM and part.get(HEADER) is None:
            yield HASH, f"`{HEADER}` is required with `{part[HASH]}`"
    elif isinstance(algorithm, str):
        for key in (HASH, HEADER):
            if part.get(key) is not None:
                yield key, f"`{key}` goes with `{CONSISTENT}` only, the algorithm is `{algorithm}`"
