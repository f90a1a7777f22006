"""AKO is to keep hosts in one namespace in a mode where it does not.

What it finds:
    `L7Settings.fqdnReusePolicy: Strict` without `AKOSettings.enableEVH: true`.

Why it matters:
    In SNI mode AKO sets the policy to `InterNamespaceAllowed` without a word. A namespace can take over the paths
    of another one's host, which the setting was to prevent.
    Source: AKO internal/lib/control_config.go SetAKOFQDNReusePolicy (1.13.1 to 2.1.1).

Bad:
    AKOSettings: {enableEVH: false}
    L7Settings: {fqdnReusePolicy: Strict}

Good:
    AKOSettings: {enableEVH: true}
    L7Settings: {fqdnReusePolicy: Strict}

Fix:
    Use EVH, or drop the setting and keep hosts apart by an admission policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.ako._settings import releases, setting
from validator.values import flag

SETTING, MODE = ("L7Settings", "fqdnReusePolicy"), ("AKOSettings", "enableEVH")


@rule("AKO132", Severity.WARNING, sources=("APP-10", "AKO internal/lib/control_config.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for release in releases(estate):
        if release.get(*SETTING) == "Strict" and flag(setting(release, *MODE)) is False:
            yield Problem(
                release.at(*SETTING),
                "`fqdnReusePolicy: Strict` acts with `enableEVH: true` only; in SNI mode AKO lets every namespace "
                "use a host",
                related=((release.at(*MODE), "`enableEVH` is false"),) if release.values.has(*MODE) else (),
            )
