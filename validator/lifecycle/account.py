"""The account by which AMKO looks into a member: its name and its rules, from the facts of the AMKO release.

The template's `member.yaml` is written from it, for `estate new` and for `estate members rbac` alike.
"""

from __future__ import annotations

from typing import Any

from validator.facts import amko, names

Data = dict[str, Any]


def account(release: str | None, namespace: str = names.NAMESPACE) -> Data:
    """Return name, namespace and rules of the account; `release` is that of AMKO, None for rules that suit any."""
    access = amko.member_access(release)
    return {
        "name": names.MEMBER_ACCOUNT,
        "namespace": namespace,
        "reads": _rules([one for one in access if not one.federator]),
        "federates": _rules([one for one in access if one.federator]),
    }


def _rules(access: list[amko.Access]) -> list[Data]:
    """Return RBAC rules as group, resources and verbs: resources of one group with the same verbs stand together."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in access:
        found.setdefault((one.group, one.granted), []).append(one.resource)
    return [{"group": one[0], "resources": found[one], "verbs": list(one[1])} for one in found]
