"""AKO runs in NodePortLocal mode without Antrea.

What it finds:
    `L7Settings.serviceType: NodePortLocal` while `AKOSettings.cniPlugin` is not `antrea`, or while the cluster's
    CNI (by its `Cluster` object or the estate file) is another one.

Why it matters:
    `ServiceType is set as a NodePortLocal, but the CNI is not set as antrea`: AKO disables its sync and stays up,
    so nothing looks broken. NodePortLocal is a feature of Antrea; with another CNI no pod gets its annotation.
    Source: AKO internal/lib/lib.go IsValidCni; docs/faq.md (1.9.2 to 2.1.1).

Bad:
    AKOSettings: {cniPlugin: calico}
    L7Settings: {serviceType: NodePortLocal}

Good:
    AKOSettings: {cniPlugin: antrea}
    L7Settings: {serviceType: NodePortLocal}

Fix:
    Set `cniPlugin: antrea` where Antrea is the CNI, use another serviceType where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import CNI, TYPE, cni, releases, text

ANTREA = "antrea"


@rule("AKO109", Severity.ERROR, sources=("AKO-09", "AKO internal/lib/lib.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        if text(release, *TYPE) != "NodePortLocal":
            continue
        plugin, real = text(release, *CNI), cni(estate, release.cluster)
        if plugin is not None and plugin.lower() != ANTREA:
            yield Problem(
                release.at(*CNI) if plugin else release.at(*TYPE),
                "serviceType NodePortLocal needs `cniPlugin: antrea`, it is "
                f"{f'`{plugin}`' if plugin else 'not set'}; "
                "AKO disables its sync and stays up",
                related=((release.at(*TYPE), "NodePortLocal"),) if plugin else (),
            )
        elif real is not None and real.value.lower() != ANTREA:
            yield Problem(
                release.at(*TYPE),
                f"serviceType NodePortLocal needs Antrea, the CNI of `{release.cluster.name}` is `{real.value}`",
                related=((real.at, "the cluster's CNI"),),
            )
