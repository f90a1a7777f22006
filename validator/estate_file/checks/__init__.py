"""What no schema can express about an estate file: names that must agree, addresses that must not, versions that fit.

Every check takes the view and yields flaws; a value that the schema refused is absent from the view, so a check speaks
only about what it can see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from validator.estate_file.checks import (
    ako,
    apps,
    clusters,
    controllers,
    gslb,
    management,
    names,
    networks,
    secrecy,
    versions,
)
from validator.estate_file.checks.view import View
from validator.estate_file.flaw import Flaw

CHECKS: tuple[Callable[[View], Iterator[Flaw]], ...] = (
    *secrecy.CHECKS,
    *names.CHECKS,
    *versions.CHECKS,
    *networks.CHECKS,
    *management.CHECKS,
    *clusters.CHECKS,
    *gslb.CHECKS,
    *controllers.CHECKS,
    *ako.CHECKS,
    *apps.CHECKS,
)


def flaws(view: View) -> Iterator[Flaw]:
    """Yield what is wrong with the estate as a whole."""
    for check in CHECKS:
        yield from check(view)
