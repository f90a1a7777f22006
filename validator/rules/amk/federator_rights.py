"""The account that AMKO uses in its members may not do what the federator does.

What it finds:
    A ClusterRole or Role, bound to a ServiceAccount, that lets it create or change `gslbconfigs` or `globaldeploymentpolicies` of
    `amko.vmware.com` but lacks one of the verbs that the federator calls: list, create, update, delete, deletecollection, and
    list on `amkoclusters`. The role of the chart itself (`amko-role`) is left out.

Why it matters:
    The kubeconfig in `gslb-config-secret` acts as that account. Where a list is forbidden, the member is skipped. `deletecollection`
    is in no documentation, but the federator deletes with it, and old policies then stay in the followers.
    Source: AMKO federator/controllers/utils.go DeleteObjsOnAllMemberClusters (DeleteAllOf); README.md (1.9.1 to 2.1.1).

Bad:
    rules:
      - apiGroups: [amko.vmware.com]
        resources: [gslbconfigs, globaldeploymentpolicies]
        verbs: [get, list, watch, create, update, delete]

Good:
    rules:
      - apiGroups: [amko.vmware.com]
        resources: [gslbconfigs, globaldeploymentpolicies]
        verbs: [get, list, watch, create, update, delete, deletecollection]
      - {apiGroups: [amko.vmware.com], resources: [amkoclusters], verbs: [list]}

Fix:
    Add the verbs that the message names; `estate members rbac` writes the whole account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from validator.facts import amko
from validator.federation.policies import GROUP
from validator.finding import Problem, Severity
from validator.model import Cluster, Estate
from validator.read.manifest import Manifest
from validator.rules import rule

_ORDER = ("gslbconfigs", "globaldeploymentpolicies", "amkoclusters")
RBAC = "rbac.authorization.k8s.io"


@rule("AMK117", Severity.WARNING, sources=("AMKO-FED-11",))
def check(estate: Estate) -> Iterator[Problem]:
    sound: set[int] = set()
    for cluster in estate.holders("ClusterRole", "Role"):
        for role in (*cluster.of("ClusterRole", RBAC), *cluster.of("Role", RBAC)):
            # Documents of the same text share one value, and one look at it is enough.
            if id(role.value) in sound or role.name == "amko-role" or "aggregationRule" in role.value:
                continue
            found = list(_role(role))
            if not found:
                sound.add(id(role.value))
            elif (role.kind, role.name) in _bound(cluster):
                yield from found


@cache
def _needs() -> dict[str, tuple[str, ...]]:
    found = {one.resource: one.called for one in amko.member_access() if one.federator}
    return {name: found[name] for name in _ORDER}


def _bound(cluster: Cluster) -> set[tuple[str, str]]:
    found = set()
    for binding in (*cluster.of("ClusterRoleBinding", RBAC), *cluster.of("RoleBinding", RBAC)):
        subjects, role = binding.get("subjects"), binding.get("roleRef")
        accounts = subjects if isinstance(subjects, list) else []
        if isinstance(role, dict) and any(
            isinstance(one, dict) and one.get("kind") == "ServiceAccount" for one in accounts
        ):
            found.add((str(role.get("kind")), str(role.get("name"))))
    return found


def _role(role: Manifest) -> Iterator[Problem]:
    needs = _needs()
    granted: dict[str, set[str]] = {name: set() for name in needs}
    place: int | None = None
    rules = role.get("rules")
    for index, item in enumerate(rules if isinstance(rules, list) else []):
        groups, resources, allowed = (_texts(item, key) for key in ("apiGroups", "resources", "verbs"))
        if not groups & {GROUP, "*"}:
            continue
        for name in needs:
            if resources & {name, "*"}:
                granted[name] |= set(amko.VERBS) if "*" in allowed else allowed
                place = index if place is None or name != "amkoclusters" else place
    writing = granted["gslbconfigs"] | granted["globaldeploymentpolicies"]
    if place is None or not writing & {"create", "update"}:
        return
    lacking: dict[tuple[str, ...], list[str]] = {}
    for name, needed in needs.items():
        if missing := tuple(verb for verb in needed if verb not in granted[name]):
            lacking.setdefault(missing, []).append(name)
    for verbs, names in lacking.items():
        yield Problem(
            role.at("rules", place),
            f"{role.kind} `{role.name}` lacks {_listed(verbs)} on {_listed(names)}, which AMKO's federator needs in its members",
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _texts(item: object, key: str) -> set[str]:
    found = item.get(key) if isinstance(item, dict) else None
    return {text for text in found if isinstance(text, str)} if isinstance(found, list) else set()
