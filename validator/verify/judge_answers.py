"""Findings about what the name servers answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from validator.facts import gdp
from validator.finding import Severity
from validator.verify.answers import Witness
from validator.verify.findings import Findings, listed
from validator.verify.judge_delegation import lame, what
from validator.verify.members import Members, Owners
from validator.verify.plan import Member, Name, NameServer, Plan
from validator.verify.questions import Addresses, Outcome, Reply, addresses

CHANCE = 0.001
"""Chance at which a member that takes its share may be missing from all answers, and is called missing all the same."""
_WORST = (Outcome.CLOSED, Outcome.UNREACHABLE, Outcome.GARBAGE, Outcome.SILENT)


def judge_server(plan: Plan, server: NameServer, witness: Witness, findings: Findings) -> None:
    """Tell what is wrong with one DNS virtual service, and with its answers one by one."""
    if not witness.alive:
        _dead(server, witness, findings)
        return
    _tcp(server, witness, findings)
    for domain in plan.domains:
        reply = lame(plan, witness, domain)
        if reply is not None:
            message = f"`{server.host}` at `{server.server}` does not serve `{domain.name}`: it {what(reply)}"
            findings.tell("VER106", server.at, message, site=server.site, related=[(domain.at, "the domain")])
            continue
        soa = witness.zones.get(domain.name)
        if soa is not None and soa.outcome is not Outcome.NOT_ASKED and not _has(soa, "SOA"):
            message = f"`{server.host}` at `{server.server}` gives no SOA record for `{domain.name}`: it {soa}"
            findings.tell("VER210", server.at, message, site=server.site, related=[(domain.at, "the domain")])
        for name in plan.names:
            if name.domain == domain.name:
                _name(plan, server, witness, name, findings)


def _has(reply: Reply, kind: str) -> bool:
    return any(record.kind == kind for record in reply.answer)


def _dead(server: NameServer, witness: Witness, findings: Findings) -> None:
    replies = [*witness.udp.values(), *witness.zones.values()]
    outcomes = {reply.outcome for reply in replies} - {Outcome.NOT_ASKED}
    if not outcomes:
        return
    worst = next(one for one in _WORST if one in outcomes)
    message = f"`{server.host}` at `{server.server}` {worst.value} over UDP"
    if witness.speaks_tcp:
        message += ", though it answers over TCP"
    findings.tell("VER201", server.at, message, site=server.site)


def _tcp(server: NameServer, witness: Witness, findings: Findings) -> None:
    replies = {**witness.zones_tcp, **witness.tcp}
    failed = {name: r for name, r in replies.items() if not r.answered and r.outcome is not Outcome.NOT_ASKED}
    asked = {name for name, udp in {**witness.zones, **witness.udp}.items() if udp.answered}
    cut = sorted(host for host, reply in witness.udp.items() if reply.truncated and host in failed)
    missing = sorted(failed.keys() & asked)
    if not missing:
        return
    outcome = failed[missing[0]].outcome.value
    place = f"`{server.host}` at `{server.server}`"
    if cut:
        message = f"{place} {outcome} over TCP, and its answer over UDP is cut off for {listed(cut)}"
        findings.tell("VER202", server.at, message, severity=Severity.ERROR, site=server.site)
    elif not witness.speaks_tcp:
        message = f"{place} {outcome} over TCP; over UDP it answers"
        findings.tell("VER202", server.at, message, site=server.site)
    else:
        message = f"{place} {outcome} over TCP for {listed(missing)}; over UDP it answers"
        findings.tell("VER202", server.at, message, site=server.site)


def _name(plan: Plan, server: NameServer, witness: Witness, name: Name, findings: Findings) -> None:
    reply = witness.best(name.host)
    if reply is None or reply.outcome is Outcome.NOT_ASKED or (reply.truncated and not witness.samples.get(name.host)):
        return
    found = addresses(reply, name.host)
    place = f"`{server.host}` at `{server.server}`"
    related = [(server.at, f"asked at site `{server.site}`")]
    if not found.values and not reply.truncated:
        _without_address(plan, place, name, reply, found, findings, related)
        return
    if not reply.authoritative:
        message = f"{place} answers for `{name.host}` without authority: something between answers from its memory"
        findings.tell("VER204", name.at, message, site=server.site, related=related)
    ttl = plan.estate["amko"]["ttl"]
    if ttl is not None and found.ttl is not None and found.ttl != ttl:
        message = f"{place} answers for `{name.host}` with a time to live of {found.ttl} s, the policy says {ttl} s"
        findings.tell("VER211", name.at, message, site=server.site, related=[*related, (("amko", "ttl"), "the policy")])


def _without_address(
    plan: Plan,
    place: str,
    name: Name,
    reply: Reply,
    found: Addresses,
    findings: Findings,
    related: list[tuple[tuple[str | int, ...], str]],
) -> None:
    down = plan.estate["amko"]["downResponse"]
    if found.aliases:
        message = f"{place} answers for `{name.host}` with the alias `{found.aliases[-1]}` and no address"
        findings.tell("VER212", name.at, message, related=related)
    elif reply.outcome is Outcome.SILENT:
        message = (
            f"{place} does not answer for `{name.host}`, though it answers other questions: "
            "it does not know the name, or all its members are down"
        )
        findings.tell("VER203", name.at, message, related=related)
    elif reply.rcode == "NOERROR" and down and down["type"] == "GSLB_SERVICE_DOWN_RESPONSE_EMPTY":
        message = (
            f"{place} answers for `{name.host}` with nothing, which is the policy's answer while all members are down"
        )
        findings.tell("VER209", name.at, message, related=related)
    else:
        findings.tell("VER203", name.at, f"{place} {_nothing(reply, name)}", related=related)


def _nothing(reply: Reply, name: Name) -> str:
    if reply.rcode == "NXDOMAIN":
        return f"says that `{name.host}` does not exist"
    return f"gives no address for `{name.host}`" if reply.rcode == "NOERROR" else f"{reply}, asked for `{name.host}`"


def judge_resolver(plan: Plan, witness: Witness, findings: Findings) -> None:
    """Tell the names for which a resolver gives no address."""
    replies = [witness.udp[name.host] for name in plan.names if name.host in witness.udp]
    if replies and all(not reply.answered for reply in replies):
        outcomes = [reply for reply in replies if reply.outcome is not Outcome.NOT_ASKED]
        if outcomes:
            findings.tell("VER213", ("gslb", "domains"), f"{witness.label} {outcomes[0]}, asked for any global name")
        return
    for name in plan.names:
        reply = witness.udp.get(name.host)
        if reply is None or reply.outcome is Outcome.NOT_ASKED or addresses(reply, name.host).values:
            continue
        findings.tell("VER213", name.at, f"{witness.label} {_nothing(reply, name)}")


def judge_members(plan: Plan, witnesses: Sequence[Witness], members: Members, findings: Findings) -> None:
    """Compare the addresses of all samples with the members that should answer."""
    for name in plan.names:
        counts = {one.label: _counts(one, name) for one in witnesses if one.samples.get(name.host)}
        if not any(counts.values()):
            continue
        seen = _addresses(plan, name, counts, members, findings)
        if unknown := members.unknown(name):
            message = f"whether `{name.host}` is answered with members of {_clusters(plan, unknown)} is not known"
            findings.tell("VER214", name.at, f"{message}: nothing is known of their addresses")
            continue
        _missing(plan, name, counts, seen, findings)
        _disagreeing(plan, name, counts, members, findings)


def _counts(witness: Witness, name: Name) -> Counter[str]:
    """Count the answers in which each address is."""
    found: Counter[str] = Counter()
    for reply in witness.samples[name.host]:
        if not reply.truncated:
            found.update(addresses(reply, name.host).values)
    return found


def _addresses(
    plan: Plan, name: Name, counts: dict[str, Counter[str]], members: Members, findings: Findings
) -> frozenset[str]:
    """Tell the addresses that should not be answered, together where they are wrong alike; return the clusters that were."""
    seen: set[str] = set()
    wrong: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for address in sorted({address for one in counts.values() for address in one}):
        owners = members.owners(name, address)
        seen |= owners.clusters
        who = tuple(sorted(label for label, one in counts.items() if address in one))
        found = _fault(plan, name, address, owners, members)
        if found is not None:
            wrong.setdefault((*found, who), []).append(address)
    for (id, text, who), addresses_ in wrong.items():
        message = f"`{name.host}` is answered with {listed(addresses_)} by {listed(who)}{text}"
        related = [(("amko", "downResponse", "fallbackIP"), "the address")] if id == "VER209" else []
        findings.tell(id, name.at, message, related=related)
    return frozenset(seen)


def _fault(plan: Plan, name: Name, address: str, owners: Owners, members: Members) -> tuple[str, str] | None:
    """Return the check that an answered address breaks, and the rest of the message; None for one that is right."""
    serving = {member.cluster for member in name.members}
    expected = {member.cluster for member in name.expected}
    if address == plan.fallback:
        return "VER209", ", the policy's fallback address: all its members are down"
    if owners.stale:
        has = members.addresses(owners.stale, name)
        return "VER205", f", of the network of `{owners.stale}`, whose Ingress does not have it: it has {has}"
    if not owners.clusters and members.unknown(name):
        return None  # it may be theirs; that they are unknown is told by itself
    if not owners.clusters:
        known = ", ".join(f"`{one.cluster}` {members.addresses(one.cluster, name)}" for one in name.members)
        return "VER205", f", which no member has; members: {known}"
    if not owners.clusters & serving:
        return "VER206", f", of {_clusters(plan, owners.clusters)}; {_clusters(plan, serving)} must serve it"
    if not owners.clusters & expected:
        standby = _clusters(plan, owners.clusters & serving)
        return "VER207", f", of the standby {standby}; {_clusters(plan, expected)} must answer while all is well"
    return None


def _clusters(plan: Plan, names: Iterable[str]) -> str:
    return ", ".join(f"`{name}` of site `{plan.sites[name]}`" for name in sorted(names))


def _missing(plan: Plan, name: Name, counts: dict[str, Counter[str]], seen: frozenset[str], findings: Findings) -> None:
    """Tell the members that should take a share and were never answered; chance is told from loss by numbers."""
    answers = sum(sum(one.values()) for one in counts.values())
    if name.expected and not any(member.cluster in seen for member in name.expected):
        return  # told already: every address is foreign, a standby's, or the fallback
    for member in name.expected:
        if member.cluster in seen:
            continue
        place = f"`{member.cluster}` of site `{member.site}`"
        if plan.algorithm != gdp.ROUND_ROBIN:
            message = (
                f"`{name.host}` is never answered with {place} here; "
                f"with `{plan.algorithm}` a client may always get the same member, ask from other networks"
            )
            severity = Severity.UNVERIFIABLE
        elif _chance(member, name.expected, answers) > CHANCE:
            message = (
                f"`{name.host}` is not answered with {place} in {answers} answers, too few to call it missing: "
                f"{_enough(member, name.expected)} would do"
            )
            severity = Severity.UNVERIFIABLE
        else:
            message = f"`{name.host}` is never answered with {place}, in {answers} answers"
            severity = Severity.ERROR
        findings.tell("VER208", name.at, message, severity=severity, site=member.site, cluster=member.cluster)


def _disagreeing(plan: Plan, name: Name, counts: dict[str, Counter[str]], members: Members, findings: Findings) -> None:
    """Tell a name server that never answers with a member with which another one does."""
    if plan.algorithm != gdp.ROUND_ROBIN:
        return
    by_label = {label: _owners(name, one, members) for label, one in counts.items()}
    anyone = frozenset().union(*by_label.values())
    for label, clusters in sorted(by_label.items()):
        if not any(member.cluster in clusters for member in name.expected):
            continue  # told already: what it answers is foreign, a standby's, or the fallback
        answers = sum(counts[label].values())
        for member in name.expected:
            if member.cluster in anyone - clusters and _chance(member, name.expected, answers) <= CHANCE:
                message = (
                    f"`{label}` never answers for `{name.host}` with `{member.cluster}` of site `{member.site}`, "
                    f"in {answers} answers; others do"
                )
                findings.tell("VER215", name.at, message, cluster=member.cluster, site=member.site)


def _owners(name: Name, counts: Counter[str], members: Members) -> frozenset[str]:
    found: Iterator[frozenset[str]] = (members.owners(name, address).clusters for address in counts)
    return frozenset().union(*found)


def _chance(member: Member, expected: Sequence[Member], answers: int) -> float:
    """Return the chance that a member that takes its share is in none of so many answers."""
    share = member.weight / sum(one.weight for one in expected)
    return float((1 - share) ** answers) if answers else 1.0


def _enough(member: Member, expected: Sequence[Member]) -> int:
    share = member.weight / sum(one.weight for one in expected)
    return math.ceil(math.log(CHANCE) / math.log(1 - share)) if share < 1 else 1
