"""Findings about AMKO across the clusters: the leader, what it accepted, whether all objects are the same and the estate's.

AMKO writes the status of GSLBConfig, policy and GSLBHostRules on the leader alone: on a follower it is a copy, or missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from validator.facts import amko, names, version
from validator.finding import Severity
from validator.read.exact import Pointer
from validator.verify import expected
from validator.verify.clusters import Failure, Item, Observed
from validator.verify.findings import Findings, clipped, listed
from validator.verify.judge_clusters import dig
from validator.verify.plan import ClusterPlan, Plan

ACCEPTED = "success: gslb config accepted"
NOT_YET = {"starting up amko", "syncing all objects", "synced all objects", "gslb config edited, amko needs a restart"}
"""States of a GSLBConfig that pass by themselves, or with a restart. Source: AMKO gslb/ingestion/gslb.go."""
POLICY_ACCEPTED = "success"
RULE_REJECTED = "Rejected"
HEALTHY = {
    "valid AMKOCluster object",
    "all cluster clients fetched",
    "validated all member clusters",
    "federated to all valid clusters successfully",
}
"""What the conditions of a leader's AMKOCluster say while all is well. Source: AMKO federator/controllers/status.go."""
_QUIET = {"logLevel"}
"""Settings that may be changed for a while, by hand and without a restart."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of which every cluster with AMKO has exactly one object."""

    name: str
    key: str
    object: str
    wanted: Callable[[Plan, ClusterPlan], dict[str, Any]]
    at: Pointer
    own: tuple[str, ...] = ()
    """Settings that differ from cluster to cluster, and are judged apart."""


_KINDS = (
    _Kind(
        "AMKOCluster",
        "amkoclusters",
        names.AMKO_CLUSTER,
        expected.amko_cluster,
        ("amko", "leader"),
        ("isLeader", "version", "clusterContext"),
    ),
    _Kind("GSLBConfig", "gslbconfigs", names.GSLB_CONFIG, expected.gslb_config, ("amko",)),
    _Kind("GlobalDeploymentPolicy", "globaldeploymentpolicies", names.POLICY, expected.policy, ("amko",)),
)


def judge(plan: Plan, observed: Sequence[Observed], findings: Findings) -> None:
    """Tell what is wrong with the federation."""
    running = [one for one in observed if one.cluster.data["runsAmko"]]
    for kind in _KINDS:
        for one in running:
            _single(plan, one, kind, findings)
        _equal(running, kind, findings)
    leaders = _leaders(plan, running, findings)
    for one in leaders:
        _conditions(one, findings)
        _config(one, findings)
        _policy(one, findings)
    _uuids(plan, running, findings)
    for one in running:
        _host_rules(plan, one, one in leaders, findings)


def _object(one: Observed, key: str) -> Item | None:
    """Return the one object of a kind, None where there is none, more than one, or no answer."""
    items = one.items(key)
    return items[0] if items is not None and len(items) == 1 else None


def _single(plan: Plan, one: Observed, kind: _Kind, findings: Findings) -> None:
    cluster = one.cluster
    answer = one.answers.get(kind.key)
    if answer is None or (isinstance(answer, Failure) and answer.status != 404):
        return
    about: dict[str, Any] = {"site": cluster.site, "cluster": cluster.name}
    items = answer if isinstance(answer, list) else []
    if len(items) != 1:
        unknown = ", the kind is not installed" if isinstance(answer, Failure) else ""
        shown = f": {listed(sorted(str(dig(item, 'metadata', 'name')) for item in items))}" if items else unknown
        message = f"`{cluster.name}` has {len(items)} {kind.name} objects in `{names.NAMESPACE}`, it must have 1{shown}"
        findings.tell("VER316", cluster.at, message, **about)
        return
    if kind.key == "amkoclusters":
        _federated_version(plan, one, items[0], findings)
    live, wanted = _spec(items[0]), kind.wanted(plan, cluster)
    for key, mine, theirs in expected.differences(wanted, _only(live, wanted)):
        severity = Severity.WARNING if key in _QUIET else None
        message = (
            f"{kind.name} on `{cluster.name}` has {_shown(theirs)} as `{key}`, the estate file means {_shown(mine)}"
        )
        findings.tell("VER312", cluster.at, message, severity=severity, related=[(kind.at, "the estate")], **about)


def _federated_version(plan: Plan, one: Observed, item: Item, findings: Findings) -> None:
    """Compare the version that federators compare: that of the AMKOCluster object."""
    cluster, wanted = one.cluster, plan.estate["versions"]["amko"]
    live = dig(item, "spec", "version")
    if version.compare(str(live), wanted) != 0:
        message = f"AMKOCluster on `{cluster.name}` has version {_shown(live)}, the estate file says `{wanted}`"
        related = [(("versions", "amko"), "the release of the estate")]
        findings.tell("VER306", cluster.at, message, site=cluster.site, cluster=cluster.name, related=related)


_OPTIONAL = {
    "ttl",
    "trafficSplit",
    "healthMonitorRefs",
    "healthMonitorTemplate",
    "sitePersistenceRef",
    "poolAlgorithmSettings",
    "downResponse",
    "useCustomGlobalFqdn",
}
"""Settings that the estate file may leave out, so that a live one is a difference."""


def _only(live: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the live settings that the estate file has a say in; of a block, the keys that it knows."""
    found: dict[str, Any] = {}
    for key, value in live.items():
        if key not in wanted and key not in _OPTIONAL:
            continue
        block = wanted.get(key)
        if key == "gslbLeader" and isinstance(value, dict) and isinstance(block, dict):
            value = {name: setting for name, setting in value.items() if name in block}
        found[key] = value
    return found


def _spec(item: Item) -> dict[str, Any]:
    spec = item.get("spec")
    return expected.normal(spec) if isinstance(spec, dict) else {}


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return clipped(listed(value), 160)
    return clipped(listed(value), 160) if isinstance(value, list) else f"`{clipped(str(value), 80)}`"


def _equal(running: Sequence[Observed], kind: _Kind, findings: Findings) -> None:
    """Tell where an object differs between clusters in what the estate file has no say in: its name, other settings."""
    have = [(one, item) for one in running if (item := _object(one, kind.key)) is not None]
    if len(have) < 2:
        return
    first, model = next(((o, i) for o, i in have if o.cluster.data["isAmkoLeader"]), have[0])
    for one, item in have:
        if one is first:
            continue
        cluster = one.cluster
        differing = [key for key, _, _ in expected.differences(_rest(model, kind), _rest(item, kind))]
        if dig(item, "metadata", "name") != dig(model, "metadata", "name"):
            differing.insert(0, "metadata.name")
        if differing:
            message = (
                f"{kind.name} on `{cluster.name}` is not that of `{first.cluster.name}`: {listed(differing)} differ"
            )
            related = [(first.cluster.at, f"`{first.cluster.name}`")]
            findings.tell("VER311", cluster.at, message, site=cluster.site, cluster=cluster.name, related=related)


_JUDGED = {
    "memberClusters",
    "refreshInterval",
    "logLevel",
    "matchRules",
    "matchClusters",
    "clusters",
    *_OPTIONAL,
}


def _rest(item: Item, kind: _Kind) -> dict[str, Any]:
    spec = _spec(item)
    leader = spec.get("gslbLeader")
    if isinstance(leader, dict):
        judged = {"controllerIP", "controllerVersion", "tenant"}
        spec["gslbLeader"] = {key: value for key, value in leader.items() if key not in judged}
    return {key: value for key, value in spec.items() if key not in _JUDGED and key not in kind.own}


def _leaders(plan: Plan, running: Sequence[Observed], findings: Findings) -> list[Observed]:
    """Return the clusters that lead; tell where they are not exactly the one of the estate file."""
    told = [(one, item) for one in running if (item := _object(one, "amkoclusters")) is not None]
    leaders = [one for one, item in told if dig(item, "spec", "isLeader") is True]
    wanted = plan.estate["amko"]["leader"]
    live = sorted(one.cluster.name for one in leaders)
    asked = {one.cluster.name for one, _ in told}
    related = [(one.cluster.at, f"`{one.cluster.name}`") for one in leaders]
    if len(live) > 1:
        message = f"{listed(live)} all lead AMKO, the estate file says `{wanted}` alone: AMKO stops on each of them"
    elif live and live != [wanted]:
        message = f"`{live[0]}` leads AMKO, the estate file says `{wanted}`"
    elif not live and wanted in asked:
        message = f"`{wanted}` does not lead AMKO, nor does another cluster that was asked: nobody programs GSLB"
    else:
        return leaders
    findings.tell("VER307", ("amko", "leader"), message, related=related)
    return leaders


def _conditions(one: Observed, findings: Findings) -> None:
    item, cluster = _object(one, "amkoclusters"), one.cluster
    conditions = dig(item, "status", "conditions")
    about: dict[str, Any] = {"site": cluster.site, "cluster": cluster.name}
    if not isinstance(conditions, list) or not conditions:
        message = f"the AMKOCluster of leader `{cluster.name}` has no status: its federator has not looked at it"
        findings.tell("VER308", cluster.at, message, **about)
        return
    for condition in conditions:
        status, reason = dig(condition, "status"), dig(condition, "reason")
        if status not in HEALTHY:
            kind = clipped(str(dig(condition, "type")), 60)
            why = f": {clipped(reason)}" if isinstance(reason, str) and reason else ""
            message = f"AMKOCluster on `{cluster.name}`, `{kind}`: `{clipped(str(status), 80)}`{why}"
            findings.tell("VER308", cluster.at, message, **about)


def _config(one: Observed, findings: Findings) -> None:
    item, cluster = _object(one, "gslbconfigs"), one.cluster
    if item is None:
        return
    state = dig(item, "status", "state")
    if state != ACCEPTED:
        shown = f"its state is `{clipped(state)}`" if isinstance(state, str) and state else "it has no state"
        message = f"GSLBConfig on leader `{cluster.name}` is not accepted: {shown}"
        severity = Severity.WARNING if state in NOT_YET else None
        findings.tell("VER309", cluster.at, message, severity=severity, site=cluster.site, cluster=cluster.name)


def _policy(one: Observed, findings: Findings) -> None:
    item, cluster = _object(one, "globaldeploymentpolicies"), one.cluster
    if item is None:
        return
    status = dig(item, "status", "errorStatus")
    if status != POLICY_ACCEPTED:
        shown = f"`{clipped(status)}`" if isinstance(status, str) and status else "it has no status"
        message = f"GlobalDeploymentPolicy on leader `{cluster.name}` is not accepted: {shown}"
        findings.tell("VER310", cluster.at, message, site=cluster.site, cluster=cluster.name)


def _uuids(plan: Plan, running: Sequence[Observed], findings: Findings) -> None:
    """Compare the UUIDs with the estate's; where the chart cannot set it AMKO makes one, which all must share."""
    found = [(one, item) for one in running if (item := _object(one, "gslbconfigs")) is not None]
    live = {one.cluster.name: dig(item, "metadata", "annotations", names.AMKO_UUID) for one, item in found}
    settable = amko.has(plan.estate["versions"]["amko"], "amkoUuid") is not False
    made = sorted({str(uuid) for uuid in live.values() if uuid is not None})
    for one, _ in found:
        cluster, uuid = one.cluster, live[one.cluster.name]
        about: dict[str, Any] = {
            "site": cluster.site,
            "cluster": cluster.name,
            "related": [(cluster.at, "the cluster")],
        }
        shown = f"`{clipped(str(uuid), 60)}`" if uuid is not None else "none"
        if settable and uuid != plan.estate["amko"]["uuid"]:
            message = (
                f"AMKO on `{cluster.name}` has {shown} as UUID, the estate file says `{plan.estate['amko']['uuid']}`"
            )
            findings.tell("VER313", ("amko", "uuid"), message, **about)
        elif not settable and uuid is not None and len(made) > 1:
            message = f"AMKO on `{cluster.name}` has {shown} as UUID, which must be the same on all clusters"
            findings.tell("VER313", ("amko", "uuid"), message, **about)


def _host_rules(plan: Plan, one: Observed, leads: bool, findings: Findings) -> None:
    items, cluster = one.items("gslbhostrules"), one.cluster
    if items is None:
        return
    about: dict[str, Any] = {"site": cluster.site, "cluster": cluster.name}
    places = {name.app: name.at for name in plan.names}
    for app, wanted in expected.host_rules(plan).items():
        found = next((item for item in items if _spec(item).get("fqdn") == wanted["fqdn"]), None)
        related = [(cluster.at, "the cluster")]
        if found is None:
            message = f"`{cluster.name}` has no GSLBHostRule for `{wanted['fqdn']}`: without it nothing stands by"
            findings.tell("VER312", places[app], message, related=related, **about)
            continue
        for key, mine, theirs in expected.differences(wanted["trafficSplit"], _spec(found).get("trafficSplit", {})):
            message = (
                f"GSLBHostRule for `{wanted['fqdn']}` on `{cluster.name}` has {_shown(theirs)} as `trafficSplit.{key}`, "
                f"the estate file means {_shown(mine)}"
            )
            findings.tell("VER312", places[app], message, related=related, **about)
        if leads and dig(found, "status", "status") == RULE_REJECTED:
            why = clipped(str(dig(found, "status", "error") or "no reason given"))
            message = f"GSLBHostRule for `{wanted['fqdn']}` on leader `{cluster.name}` is rejected: {why}"
            findings.tell("VER310", places[app], message, related=related, **about)
