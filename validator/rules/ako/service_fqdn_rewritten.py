"""AKO gives a selected Service another name than its own words would make.

What it finds:
    A Service of type LoadBalancer that the policy selects, without an external-dns annotation, whose namespace
    begins with a digit, or whose name and namespace together are longer than 63 characters with `autoFQDN: flat`.

Why it matters:
    A label of a DNS name begins with a letter and has at most 63 characters. AKO puts an `n` before such a
    namespace, and from 1.11.1 on cuts the name off; before, Avi refuses the FQDN. The GSLB service has that name,
    not the expected one.
    Source: AKO internal/lib/utils.go CorrectLabelToSatisfyRFC1035, CheckAndShortenLabelToFollowRFC1035 (1.9.2 to
    2.1.1).

Bad:
    kind: Service
    metadata: {name: shop, namespace: 2048-game}

Good:
    kind: Service
    metadata:
      name: shop
      namespace: 2048-game
      annotations: {external-dns.alpha.kubernetes.io/hostname: game.avi.example.com}

Fix:
    Name the Service by the annotation, the same in every site.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.federation.selection import LABEL, automatic_label
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.effective import MISSING
from validator.rules import rule


@rule("AKO129", Severity.WARNING, sources=("AKO-38", "AKO internal/lib/utils.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for selection in estate.selections:
        for found in selection.selected if selection.policy.sound else ():
            if found.rule is not None or found.host or len(found.cluster.ako) != 1:
                continue
            release, service = found.cluster.ako[0], found.manifest
            style = release.get("L4Settings", "autoFQDN")
            if style not in (MISSING, "default", "flat"):
                continue
            flat = style == "flat"
            label = automatic_label(service, flat, release.version)
            plain = f"{service.name}{'-' if flat else '.'}{service.namespace}"
            long = flat and len(label) > LABEL and release.version is not None
            if long:
                text = f"has a label of {len(label)} characters, {LABEL} are allowed; Avi refuses it"
            elif label != plain:
                text = f"begins with `{label}`, not `{plain}`, which is no DNS label"
            else:
                continue
            yield Problem(
                service.at("metadata", "name"),
                f"the FQDN that AKO {release.version or ''} makes for Service `{service.namespace}/{service.name}` "
                f"{text}",
                severity=Severity.ERROR if long else None,
                site=found.cluster.site,
                cluster=found.cluster.name,
            )
