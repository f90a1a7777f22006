"""GSLB and AMKO: leaders, members, delegated names and the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.estate_file.checks.view import Item, View, repeated, unknown
from validator.estate_file.flaw import Flaw, shown
from validator.facts import amko, gdp, version

_ROUND_ROBIN, _HASH, _GEO = gdp.ROUND_ROBIN, gdp.CONSISTENT_HASH, gdp.GEO
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def leaders(view: View) -> Iterator[Flaw]:
    """Find leaders that are not there or cannot lead."""
    gslb, policy = view.root.block("gslb"), view.root.block("amko")
    site = gslb.data.get("leader")
    if site and view.sites and site not in (names := [item.name for item in view.sites]):
        yield unknown(site, gslb.place("leader"), names, "a site of this estate")
    leader, at = policy.data.get("leader"), policy.place("leader")
    found = next((cluster for cluster in view.clusters if cluster.name == leader), None)
    if leader and view.clusters and found is None:
        running = [cluster.name for cluster in view.clusters if cluster.data.get("amko")]
        yield unknown(leader, at, running or [c.name for c in view.clusters], "a workload cluster of this estate")
    elif found is not None and found.data.get("amko") is False:
        message = f"{shown(leader)} is to lead AMKO, but AMKO does not run there"
        yield Flaw(at, message, "set `amko: true` on that cluster, or choose one that has it", related=found.at)
    if view.clusters and not any(view.members()):
        hint = "set `member` and `ako.enabled` on at least one cluster"
        yield Flaw(("sites",), "no cluster of the estate is a GSLB member", hint, key=True)


def domains(view: View) -> Iterator[Flaw]:
    """Find delegated domains outside their parent zone, and name servers that the delegation cannot name."""
    gslb = view.root.block("gslb")
    parent = gslb.data.get("parentZone")
    delegated = [domain for domain, _ in gslb.listed("domains") if domain != parent]
    for domain, at in gslb.listed("domains"):
        if parent and not domain.endswith(f".{parent}"):
            hint = f"a zone delegates sub-domains of its own, such as `avi.{parent}`"
            yield Flaw(at, f"{shown(domain)} is not strictly below the parent zone {shown(parent)}", hint)
    hosts = []
    for site in view.sites:
        dns = site.block("avi", "dns")
        service, given = dns.data.get("virtualService"), dns.data.get("host")
        host = given or (f"{service}.{parent}" if service and parent else None)
        if not host:
            continue
        at = dns.place("host" if given else "virtualService")
        hosts.append((host, at))
        inside = next((domain for domain in delegated if host == domain or host.endswith(f".{domain}")), None)
        if not _DOMAIN.fullmatch(host):
            hint = "give the name server's name as `host`"
            yield Flaw(at, f"{shown(host)}, made of `virtualService` and `parentZone`, is not a DNS name", hint)
        elif inside:
            message = f"name server {shown(host)} lies in {shown(inside)}, which it serves itself"
            yield Flaw(at, message, "put its name into the parent zone")
    hint = "every site's name server needs a name of its own: give the sites' virtual services different names"
    yield from repeated(hosts, "name server", hint)


def traffic_split(view: View) -> Iterator[Flaw]:
    """Find shares for unknown clusters, and a split that leaves members to AMKO's defaults."""
    policy = view.root.block("amko")
    if "trafficSplit" not in policy.data:
        return
    shares = [Item(share, at) for share, at in policy.listed("trafficSplit")]
    members = [cluster.name for cluster in view.members() if cluster.name]
    given = [share.data["cluster"] for share in shares if "cluster" in share.data]
    for share in shares:
        name = share.data.get("cluster")
        if name and name not in members:
            yield unknown(name, share.place("cluster"), members, "a cluster that is a GSLB member")
    yield from repeated([(s.data.get("cluster"), s.place("cluster")) for s in shares], "the share of")
    missing = [name for name in members if name not in given]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing[:5]) + (" and others" if len(missing) > 5 else "")
        message = f"`amko.trafficSplit` leaves out {names}, which would get weight 1 and priority 10"
        yield Flaw(policy.place("trafficSplit"), message, "name every member cluster, or none", key=True)
    elif shares and all(share.data.get("priority") == 0 for share in shares):
        message = "`amko.trafficSplit` takes every cluster out: all have priority 0"
        yield Flaw(policy.place("trafficSplit"), message, "give at least one a higher priority", key=True)


def pool_algorithm(view: View) -> Iterator[Flaw]:
    """Find combinations that AMKO rejects (gslb/gslbutils isGslbPoolAlgorithmValid)."""
    block = view.root.block("amko", "poolAlgorithm")
    algorithm = block.data.get("lbAlgorithm")
    if not algorithm:
        return
    yield from _hash_mask(view, block, algorithm)
    fallback = block.block("geoFallback")
    if algorithm == _GEO and not view.given(block, "geoFallback"):
        yield Flaw(block.place("lbAlgorithm"), f"`{_GEO}` needs `geoFallback`")
    elif algorithm != _GEO and "geoFallback" in block.data:
        yield Flaw(fallback.at, f"`geoFallback` is for `{_GEO}`, not for `{algorithm}`", key=True)
    elif "lbAlgorithm" in fallback.data:
        yield from _hash_mask(view, fallback, fallback.data["lbAlgorithm"])


def down_response(view: View) -> Iterator[Flaw]:
    """Find a fallback address without its type and a type without its address."""
    block = view.root.block("amko", "downResponse")
    kind, wanted = block.data.get("type"), gdp.FALLBACK_IP
    if kind == wanted and not view.given(block, "fallbackIP"):
        yield Flaw(block.place("type"), f"`{wanted}` needs `fallbackIP`")
    elif kind and kind != wanted and "fallbackIP" in block.data:
        yield Flaw(block.place("fallbackIP"), f"`fallbackIP` is for `{wanted}`, not for `{kind}`", key=True)


def release_limits(view: View) -> Iterator[Flaw]:
    """Find settings that the declared AMKO ignores or cannot make work."""
    policy, text = view.root.block("amko"), view.version("amko")
    if text and policy.data.get("tenant") not in (None, "admin") and amko.has(text, "tenant") is False:
        message = f"AMKO {text} does not read a tenant: its services would be made in `admin`"
        yield Flaw(policy.place("tenant"), message, "AMKO 1.11.1 and newer do")
    if text and "sitePersistenceRef" in policy.data and (version.compare(text, "1.12.1") or 0) < 0:
        for site in view.sites:
            controller = site.block("avi").data.get("version")
            if controller and (version.compare(controller, "22.1.3") or 0) >= 0:
                message = f"AMKO {text} cannot make services with site persistence on controller {controller}"
                yield Flaw(policy.place("sitePersistenceRef"), message, "AMKO 1.12.1 and newer can")
                break
    if policy.data.get("useCustomGlobalFqdn") and view.apps:
        message = (
            "`useCustomGlobalFqdn` takes names from HostRules, and the apps of this file publish theirs by Ingress host"
        )
        yield Flaw(policy.place("useCustomGlobalFqdn"), message, "leave it out, or deploy the apps from elsewhere")


CHECKS = (leaders, domains, traffic_split, pool_algorithm, down_response, release_limits)


def _hash_mask(view: View, block: Item, algorithm: str) -> Iterator[Flaw]:
    if algorithm == _HASH and not view.given(block, "hashMask"):
        yield Flaw(block.place("lbAlgorithm"), f"`{_HASH}` needs `hashMask`", "1 to 31 bits of the client address")
    elif algorithm != _HASH and "hashMask" in block.data:
        yield Flaw(block.place("hashMask"), f"`hashMask` is for `{_HASH}`, not for `{algorithm}`", key=True)
