"""What each name server answers for each global name: by UDP, by TCP, and over time.

A name server that is silent to the first few questions is asked no more: a dead site must not cost the time of the others.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from validator.verify.budget import Budget
from validator.verify.plan import NameServer, Plan
from validator.verify.questions import Outcome, Question, Reply, Server, addresses, ask
from validator.verify.workers import Workers

PROBES = 3
"""Names, and domains, after which a server that said nothing at all counts as dead."""
SHORT = 1.0
"""Longest pause in seconds between two samples of a server that answers for itself: no cache stands between."""
LONG = 120.0
"""Longest pause in seconds between two samples by way of a resolver, whose cache must run out in between."""


@dataclass(slots=True)
class Witness:
    """The answers of one name server, or of a resolver."""

    server: Server
    label: str
    udp: dict[str, Reply] = field(default_factory=dict)
    tcp: dict[str, Reply] = field(default_factory=dict)
    zones: dict[str, Reply] = field(default_factory=dict)
    """The SOA of each domain."""
    zones_tcp: dict[str, Reply] = field(default_factory=dict)
    samples: dict[str, list[Reply]] = field(default_factory=dict)
    """Every usable answer for a name, the first one included."""

    @property
    def alive(self) -> bool:
        """Return whether any question by UDP was answered."""
        return any(reply.answered for reply in (*self.udp.values(), *self.zones.values()))

    @property
    def speaks_tcp(self) -> bool:
        return any(reply.answered for reply in (*self.tcp.values(), *self.zones_tcp.values()))

    def best(self, host: str) -> Reply | None:
        """Return the whole answer for a name: that by TCP where that by UDP is cut off."""
        reply = self.udp.get(host)
        if reply is not None and reply.truncated:
            other = self.tcp.get(host)
            return other if other is not None and other.answered else reply
        return reply


@dataclass(frozen=True, slots=True)
class Sampling:
    """How often each name is asked for, and with which pause; None for one that respects the time to live."""

    count: int
    pause: float | None


def address_type(plan: Plan) -> str:
    """Return the type of record that names are asked for: AAAA where every member's network is of IPv6."""
    networks = plan.networks.values()
    return "AAAA" if networks and all(network.version == 6 for network in networks) else "A"


def observe(
    plan: Plan, name_servers: tuple[NameServer, ...], sampling: Sampling, workers: Workers, budget: Budget
) -> list[Witness]:
    """Ask every name server for every name of the plan, and again as often as `sampling` says."""
    witnesses = [Witness(one.server, one.host) for one in name_servers]
    hosts = [name.host for name in plan.names]
    domains = [domain.name for domain in plan.domains]
    kind = address_type(plan)
    _ask_all(workers, budget, witnesses, hosts[:PROBES], domains[:PROBES], kind)
    living = [one for one in witnesses if one.alive]
    _ask_all(workers, budget, living, hosts[PROBES:], domains[PROBES:], kind)
    for witness in living:
        for host in hosts:
            reply = witness.best(host)
            if reply is not None and _usable(reply):
                witness.samples[host] = [reply]
    _sample(living, sampling, kind, SHORT, workers, budget, recursive=False)
    return witnesses


def by_resolver(
    plan: Plan, resolvers: tuple[Server, ...], sampling: Sampling, workers: Workers, budget: Budget
) -> list[Witness]:
    """Ask resolvers for every name of the plan, with pauses in which what they keep runs out."""
    witnesses = [Witness(server, f"resolver {server}") for server in resolvers]
    kind = address_type(plan)
    questions = [(one, name.host) for one in witnesses for name in plan.names]
    replies = workers.each(lambda pair: _resolve(pair[0].server, pair[1], kind, budget), questions)
    for (witness, host), reply in zip(questions, replies, strict=True):
        witness.udp[host] = reply or Reply(Outcome.NOT_ASKED)
        if _usable(witness.udp[host]):
            witness.samples[host] = [witness.udp[host]]
    _sample(witnesses, sampling, kind, LONG, workers, budget, recursive=True)
    return witnesses


def _resolve(server: Server, host: str, kind: str, budget: Budget) -> Reply:
    reply = ask(Question(server, host, kind, recursive=True), budget)
    return ask(Question(server, host, kind, tcp=True, recursive=True), budget) if reply.truncated else reply


def _ask_all(
    workers: Workers, budget: Budget, witnesses: list[Witness], hosts: list[str], domains: list[str], kind: str
) -> None:
    wanted = [(host, kind) for host in hosts] + [(domain, "SOA") for domain in domains]
    items = [
        (witness, Question(witness.server, name, type_, tcp))
        for witness in witnesses
        for name, type_ in wanted
        for tcp in (False, True)
        if not tcp or not (witness.tcp or witness.zones_tcp) or witness.speaks_tcp
    ]
    replies = workers.each(lambda item: ask(item[1], budget), items)
    for (witness, question), reply in zip(items, replies, strict=True):
        names, zones = (witness.tcp, witness.zones_tcp) if question.tcp else (witness.udp, witness.zones)
        store = zones if question.kind == "SOA" else names
        store[question.name] = reply or Reply(Outcome.NOT_ASKED)


def _sample(
    witnesses: list[Witness],
    sampling: Sampling,
    kind: str,
    cap: float,
    workers: Workers,
    budget: Budget,
    *,
    recursive: bool,
) -> None:
    """Ask again for every name that has an answer, all of them in one round, then pause, then the next round."""
    pairs = [(witness, host) for witness in witnesses for host in witness.samples]
    for _ in range(sampling.count - 1):
        pause = _pause(witnesses, cap) if sampling.pause is None else sampling.pause
        if not pairs or budget.left() <= pause:
            return
        time.sleep(pause)
        items = [
            Question(witness.server, host, kind, witness.udp[host].truncated, recursive) for witness, host in pairs
        ]
        replies = workers.each(lambda question: ask(question, budget), items)
        for (witness, host), reply in zip(pairs, replies, strict=True):
            if reply is not None and _usable(reply):
                witness.samples[host].append(reply)


def _pause(witnesses: list[Witness], cap: float) -> float:
    """Return the longest time to live of the last answers, and a moment more, as far as the cap goes."""
    last = [(host, replies[-1]) for witness in witnesses for host, replies in witness.samples.items()]
    ttls = [addresses(reply, host).ttl or 0 for host, reply in last]
    return min(max(ttls, default=0) + 0.2, cap)


def _usable(reply: Reply) -> bool:
    return reply.answered and reply.rcode == "NOERROR"
