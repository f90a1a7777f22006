"""AKO makes a name for an Avi object that is too long.

What it finds:
    A pool name of more than 255 characters for a path of an Ingress, in SNI mode:
    `<cluster>--<namespace>-<host>_<path>-<ingress>`.

Why it matters:
    AKO warns in its log and sends it; Avi refuses the object. That path has no pool.
    Source: AKO internal/lib/avi_api.go CheckObjectNameLength, internal/lib/lib.go GetSniPoolName (1.9.2 to 2.1.1).

Bad:
    rules: [{host: a-host-name-of-two-hundred-characters.avi.example.com}]

Good:
    rules: [{host: shop.avi.example.com}]

Fix:
    Shorten the names, or use `enableEVH: true`, where names are hashed.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.clusters.workloads import rules, served
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import NAME, releases, setting, text
from validator.values import flag

LIMIT = 255


@rule("AKO128", Severity.WARNING, sources=("AKO-37", "AKO internal/lib/lib.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        cluster = release.cluster
        name = text(release, *NAME)
        if not name or len(cluster.ako) > 1 or flag(setting(release, "AKOSettings", "enableEVH")) is not False:
            continue
        for ingress in cluster.workloads.ingresses:
            for one in rules(ingress) if served(cluster, ingress) else ():
                for path in one.paths or ():
                    rest = path.path.replace("/", "_")
                    pool = f"{name}--{ingress.namespace}-{one.host}{rest}-{ingress.name}"
                    if len(pool) > LIMIT:
                        yield Problem(
                            ingress.at(*path.pointer, "path"),
                            f"the pool of host `{one.host}` with this path gets a name of {len(pool)} characters, "
                            f"Avi takes {LIMIT}",
                            site=cluster.site,
                            cluster=cluster.name,
                        )
