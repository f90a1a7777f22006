"""The delegation: which name servers the parent zone gives for each domain, and their addresses there.

The servers of the parent zone are asked without recursion. A delegation comes as a referral (NS in the authority section,
not authoritative); a server that serves parent and child alike gives the NS in the answer.
Sources: RFC 1034 4.2.1, RFC 2181 10.3 (no alias behind NS), RFC 9471 (glue in referrals).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from validator.verify.budget import Budget
from validator.verify.plan import Domain, Plan
from validator.verify.questions import Question, Reply, Server, addresses, ask
from validator.verify.workers import Workers

MAX_PARENTS = 8
"""Servers of the parent zone that are asked; more say the same."""
MAX_HOSTS = 32
"""Name servers of one delegation that are looked at."""


@dataclass(frozen=True, slots=True)
class Parents:
    """The servers of the parent zone."""

    servers: tuple[Server, ...]
    trouble: str = ""
    """Why there are none."""


@dataclass(frozen=True, slots=True)
class Host:
    """A name server as the parent zone knows it."""

    addresses: tuple[str, ...]
    alias: str | None
    known: bool
    """Whether anyone gave an answer about it."""


@dataclass(frozen=True, slots=True)
class Referral:
    """What one server of the parent zone says about one domain."""

    domain: Domain
    server: Server
    reply: Reply
    hosts: dict[str, Host] = field(default_factory=dict)


def find_parents(plan: Plan, resolvers: tuple[Server, ...], port: int, workers: Workers, budget: Budget) -> Parents:
    """Return the servers of the parent zone as a resolver knows them."""
    if not resolvers:
        return Parents((), "this machine has no resolver to ask for them")
    zone = plan.parent_zone
    reply = _first(resolvers, zone, "NS", budget)
    if not reply.answered or reply.rcode != "NOERROR":
        return Parents((), f"resolver `{resolvers[0]}` {reply}, asked for `{zone}` NS")
    hosts = sorted({record.value for record in reply.answer if record.kind == "NS" and record.name == zone})
    items = [(host, kind) for host in hosts[:MAX_PARENTS] for kind in ("A", "AAAA")]
    replies = workers.each(lambda item: _first(resolvers, *item, budget), items)
    found = {
        Server(address, port)
        for (host, _), one in zip(items, replies, strict=True)
        if one is not None
        for address in addresses(one, host).values
    }
    if not found:
        return Parents((), f"resolver `{resolvers[0]}` gives no name server with an address for `{zone}`")
    return Parents(tuple(sorted(found)[:MAX_PARENTS]))


def observe(
    plan: Plan, parents: Parents, resolvers: tuple[Server, ...], workers: Workers, budget: Budget
) -> list[Referral]:
    """Ask every server of the parent zone about every domain, then about the name servers that it gives."""
    pairs = [(domain, server) for domain in plan.domains for server in parents.servers]
    replies = workers.each(lambda pair: _whole(Question(pair[1], pair[0].name, "NS"), budget), pairs)
    referrals = [
        Referral(domain, server, reply)
        for (domain, server), reply in zip(pairs, replies, strict=True)
        if reply is not None
    ]
    items = [(one, host) for one in referrals for host in _hosts(one)]
    found = workers.each(lambda item: _host(plan, item[1], item[0], resolvers, budget), items)
    for (referral, name), host in zip(items, found, strict=True):
        referral.hosts[name] = host or Host((), None, known=False)
    return referrals


def _hosts(referral: Referral) -> list[str]:
    records = (*referral.reply.answer, *referral.reply.authority)
    return sorted({one.value for one in records if _delegates(one.name, one.kind, referral.domain)})[:MAX_HOSTS]


def _delegates(name: str, kind: str, domain: Domain) -> bool:
    return kind == "NS" and name == domain.name


def _host(plan: Plan, host: str, referral: Referral, resolvers: tuple[Server, ...], budget: Budget) -> Host:
    """Return the addresses that the referral brings along, else those that the server, or a resolver, knows."""
    server = referral.server
    glue = {one.value for one in referral.reply.additional if one.name == host and one.kind in {"A", "AAAA"}}
    if glue:
        return Host(tuple(sorted(glue)), None, known=True)
    inside = host == plan.parent_zone or host.endswith(f".{plan.parent_zone}")
    askers = (server,) if inside else resolvers or (server,)
    replies = [_first(askers, host, kind, budget, recursive=not inside) for kind in ("A", "AAAA")]
    found: list[str] = []
    alias: str | None = None
    for one in replies:
        seen = addresses(one, host)
        found += seen.values
        alias = alias or (seen.aliases[0] if seen.aliases else None)
    return Host(tuple(sorted(set(found))), alias, any(one.sound for one in replies))


def _first(servers: tuple[Server, ...], name: str, kind: str, budget: Budget, *, recursive: bool = True) -> Reply:
    """Return the first answer of some servers, else the last failure."""
    replies = []
    for server in servers:
        replies.append(_whole(Question(server, name, kind, recursive=recursive), budget))
        if replies[-1].sound:
            break
    return replies[-1]


def _whole(question: Question, budget: Budget) -> Reply:
    """Ask by UDP, and again by TCP where the answer is cut off."""
    reply = ask(question, budget)
    if reply.truncated:
        by_tcp = ask(Question(question.server, question.name, question.kind, True, question.recursive), budget)
        return by_tcp if by_tcp.answered else reply
    return reply
