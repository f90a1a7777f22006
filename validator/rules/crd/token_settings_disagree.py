"""An SSORule's token settings do not go with its access type.

What it finds:
    `accessType: ACCESS_TOKEN_TYPE_JWT` without `jwtParams`, or `ACCESS_TOKEN_TYPE_OPAQUE` without
    `opaqueTokenParams`.

Why it matters:
    The schema wants one of the two blocks, not the right one. AKO rejects the rule: `Access Type is
    ACCESS_TOKEN_TYPE_JWT, but Jwt Params have not been specified`; the host is served without login.
    Source: AKO internal/k8s/validator.go ValidateSSORuleObj (1.10.1 to 2.1.1).

Bad:
    resourceServer: {accessType: ACCESS_TOKEN_TYPE_JWT, opaqueTokenParams: {serverID: shop, serverSecret: shop-oauth}}

Good:
    resourceServer: {accessType: ACCESS_TOKEN_TYPE_JWT, jwtParams: {audience: shop}}

Fix:
    Give the block of the access type.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.crd._objects import items, objects, title

OAUTH = ("spec", "oauthVsConfig", "oauthSettings")
NEEDED = {"ACCESS_TOKEN_TYPE_JWT": "jwtParams", "ACCESS_TOKEN_TYPE_OPAQUE": "opaqueTokenParams"}


@rule("CRD115", Severity.ERROR, sources=("HR-12", "AKO internal/k8s/validator.go@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    for _, item in objects(estate, "SSORule"):
        for index, part in items(item.value, *OAUTH):
            server = dig(part, ("resourceServer",))
            if not isinstance(server, dict):
                continue
            kind = server.get("accessType")
            needed, others = NEEDED.get(kind) if isinstance(kind, str) else None, set(NEEDED.values())
            if needed and server.get(needed) is None and any(server.get(key) is not None for key in others):
                yield Problem(
                    item.at(*OAUTH, index, "resourceServer", "accessType"),
                    f"`accessType: {kind}` of {title(item)} needs `{needed}`; AKO rejects the rule",
                )
