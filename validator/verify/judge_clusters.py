"""Findings about single clusters: reachable, AKO and AMKO ready and of the right release, Ingresses with addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from validator.facts import names, version
from validator.finding import Severity
from validator.verify.clusters import Failure, Item, Observed
from validator.verify.findings import Findings, clipped, listed
from validator.verify.plan import Name, Plan

MANY_RESTARTS = 5


def judge(plan: Plan, observed: Sequence[Observed], findings: Findings) -> None:
    """Tell what is wrong with each cluster by itself."""
    for one in observed:
        _asked(one, findings)
        if one.cluster.data["runsAko"]:
            _stateful(plan, one, names.AKO_STATEFULSET, "AKO", "VER303", findings)
            _deletion(one, findings)
        if one.cluster.data["runsAmko"]:
            _stateful(plan, one, names.AMKO_STATEFULSET, "AMKO", "VER304", findings)
        for name in plan.names:
            _ingress(plan, one, name, findings)


def ingress_addresses(plan: Plan, observed: Sequence[Observed]) -> dict[str, dict[str, frozenset[str]]]:
    """Return the addresses of Ingresses by cluster and host, of the clusters that told them all.

    With custom global names the host of an Ingress is not the global name: then there are none.
    """
    if plan.estate["amko"]["useCustomGlobalFqdn"]:
        return {}
    found: dict[str, dict[str, frozenset[str]]] = {}
    for one in observed:
        for name in plan.names:
            items = one.items(f"ingresses/{name.namespace}")
            if items is not None:
                found.setdefault(one.cluster.name, {})[name.host] = frozenset(_addresses(items, name.host))
    return found


def _asked(one: Observed, findings: Findings) -> None:
    cluster = one.cluster
    if not one.given:
        message = f"no kubeconfig has the context `{cluster.context}` of cluster `{cluster.name}`"
        findings.tell("VER302", cluster.at, message, site=cluster.site, cluster=cluster.name)
        return
    if one.trouble:
        message = f"cluster `{cluster.name}` {one.trouble}"
        findings.tell("VER301", cluster.at, message, site=cluster.site, cluster=cluster.name)
    failed: dict[str, list[str]] = {}
    for key, answer in one.answers.items():
        if isinstance(answer, Failure) and not answer.final and answer.status != 404:
            failed.setdefault(answer.text, []).append(key.partition("/")[0])
    for text, keys in sorted(failed.items()):
        message = f"cluster `{cluster.name}` {text}, asked for {listed(dict.fromkeys(keys))}"
        findings.tell("VER301", cluster.at, message, site=cluster.site, cluster=cluster.name)


def _stateful(plan: Plan, one: Observed, name: str, title: str, check: str, findings: Findings) -> None:
    sets = one.items("statefulsets")
    if sets is None:
        return
    cluster = one.cluster
    about: dict[str, Any] = {"site": cluster.site, "cluster": cluster.name}
    found = next((item for item in sets if dig(item, "metadata", "name") == name), None)
    if found is None:
        message = f"{title} is not installed on `{cluster.name}`: `{names.NAMESPACE}` has no StatefulSet `{name}`"
        findings.tell(check, cluster.at, message, **about)
        return
    wanted, ready = number(found, "spec", "replicas", default=1), number(found, "status", "readyReplicas")
    pods = [item for item in one.items("pods") or () if _owned(item, name)]
    if ready < wanted or wanted == 0:
        reasons = listed(sorted({text for pod in pods for text in _reasons(pod)}))
        why = f": {reasons}" if reasons != "none" else ""
        message = f"{title} on `{cluster.name}` has {ready} of {max(wanted, 1)} pods ready{why}"
        findings.tell(check, cluster.at, message, **about)
    restarts = max((count for pod in pods for count in _restarts(pod)), default=0)
    if restarts:
        severity = Severity.WARNING if restarts >= MANY_RESTARTS else Severity.INFO
        last = listed(sorted({text for pod in pods for text in _endings(pod)}))
        why = f", last end: {last}" if last != "none" else ""
        message = f"a container of {title} on `{cluster.name}` was restarted {restarts} times{why}"
        findings.tell("VER305", cluster.at, message, severity=severity, **about)
    _version(plan, one, found, title, findings)


def _version(plan: Plan, one: Observed, found: Item, title: str, findings: Findings) -> None:
    if title == "AKO" and one.cluster.data.get("akoByTkg"):
        return  # TKG brings its own release
    cluster, key = one.cluster, title.lower()
    wanted, live = plan.estate["versions"][key], _release(found, title)
    place = [(("versions", key), "the release of the estate")]
    about: dict[str, Any] = {"site": cluster.site, "cluster": cluster.name, "related": place}
    order = version.compare(live, wanted) if live is not None else None
    if order is None:
        shown = f"`{clipped(live, 60)}`" if live else "none"
        message = f"the release of {title} on `{cluster.name}` cannot be told: its label and image have {shown}"
        findings.tell("VER306", cluster.at, message, severity=Severity.UNVERIFIABLE, **about)
    elif order != 0:
        message = f"{title} on `{cluster.name}` is `{live}`, the estate file says `{wanted}`"
        findings.tell("VER306", cluster.at, message, **about)


def _release(found: Item, title: str) -> str | None:
    """Return the release of a StatefulSet: the tag of its image, else the label that the chart gives it."""
    containers = dig(found, "spec", "template", "spec", "containers")
    tags = []
    for item in containers if isinstance(containers, list) else []:
        image = dig(item, "image")
        if isinstance(image, str):
            path = image.partition("@")[0].rpartition("/")[2]
            tags.append((path.partition(":")[0] == title.lower(), path.partition(":")[2]))
    best = [tag for _, tag in sorted(tags, reverse=True) if tag]
    label = dig(found, "metadata", "labels", "app.kubernetes.io/version")
    known = [text for text in (*best, label) if isinstance(text, str) and version.parse(text) is not None]
    return known[0] if known else (best[0] if best else label if isinstance(label, str) else None)


def _deletion(one: Observed, findings: Findings) -> None:
    for item in one.items("configmaps") or ():
        if dig(item, "metadata", "name") == names.AKO_CONFIG and dig(item, "data", "deleteConfig") == "true":
            cluster = one.cluster
            message = f"`deleteConfig` is true on `{cluster.name}`: AKO deletes all its objects in Avi"
            findings.tell("VER315", cluster.at, message, site=cluster.site, cluster=cluster.name)


def _ingress(plan: Plan, one: Observed, name: Name, findings: Findings) -> None:
    cluster = one.cluster
    if plan.estate["amko"]["useCustomGlobalFqdn"] or all(m.cluster != cluster.name for m in name.members):
        return
    items = one.items(f"ingresses/{name.namespace}")
    if items is None:
        return
    about: dict[str, Any] = {"site": cluster.site, "cluster": cluster.name, "related": [(cluster.at, "the cluster")]}
    own = [item for item in items if name.host in _hosts(item)]
    if not own:
        message = f"cluster `{cluster.name}` has no Ingress for `{name.host}` in namespace `{name.namespace}`"
        findings.tell("VER314", name.at, message, **about)
    elif not _addresses(items, name.host):
        shown = listed(sorted(str(dig(item, "metadata", "name")) for item in own))
        message = (
            f"Ingress {shown} of `{name.host}` on `{cluster.name}` has no address: AKO has made no virtual service"
        )
        findings.tell("VER314", name.at, message, **about)


def _hosts(item: Item) -> set[str]:
    rules = dig(item, "spec", "rules")
    hosts = [dig(rule, "host") for rule in rules] if isinstance(rules, list) else []
    return {host.lower() for host in hosts if isinstance(host, str)}


def _addresses(items: Sequence[Item], host: str) -> set[str]:
    """Return the addresses that AKO gave a host: entries of the status that name the host, or none."""
    found: set[str] = set()
    for item in items:
        entries = dig(item, "status", "loadBalancer", "ingress") if host in _hosts(item) else None
        for entry in entries if isinstance(entries, list) else []:
            address, named = dig(entry, "ip"), dig(entry, "hostname")
            if isinstance(address, str) and address and named in (None, "", host):
                found.add(address)
    return found


def _owned(pod: Item, name: str) -> bool:
    owners = dig(pod, "metadata", "ownerReferences")
    return any(
        dig(owner, "kind") == "StatefulSet" and dig(owner, "name") == name
        for owner in (owners if isinstance(owners, list) else [])
    )


def _containers(pod: Item) -> Iterator[Item]:
    for key in ("initContainerStatuses", "containerStatuses"):
        found = dig(pod, "status", key)
        yield from (item for item in (found if isinstance(found, list) else []) if isinstance(item, dict))


def _reasons(pod: Item) -> Iterator[str]:
    """Yield why the containers of a pod do not run, or that it is not scheduled."""
    waiting = False
    for item in _containers(pod):
        reason = dig(item, "state", "waiting", "reason") or dig(item, "state", "terminated", "reason")
        if isinstance(reason, str):
            waiting = True
            yield clipped(f"{dig(item, 'name')}: {reason}", 80)
    phase = dig(pod, "status", "phase")
    if not waiting and isinstance(phase, str) and phase != "Running":
        yield clipped(phase, 80)


def _restarts(pod: Item) -> Iterator[int]:
    for item in _containers(pod):
        yield number(item, "restartCount")


def _endings(pod: Item) -> Iterator[str]:
    for item in _containers(pod):
        reason = dig(item, "lastState", "terminated", "reason")
        if isinstance(reason, str):
            yield clipped(f"{dig(item, 'name')}: {reason}", 80)


def dig(value: Any, *path: str) -> Any:
    """Return what stands at a path of keys, None where there is nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def number(value: Any, *path: str, default: int = 0) -> int:
    """Return the number at a path of keys, or the default."""
    found = dig(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else default
