"""One run: ask the clusters, the parent zone, the name servers and the resolvers, all at once; then judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from validator.finding import Finding
from validator.runner import Report
from validator.verify import (
    answers,
    clusters,
    delegation,
    judge_answers,
    judge_clusters,
    judge_delegation,
    judge_federation,
)
from validator.verify.answers import Sampling, Witness
from validator.verify.budget import Budget, Meter
from validator.verify.clusters import Observed
from validator.verify.delegation import Parents, Referral
from validator.verify.findings import Findings
from validator.verify.kubeconfigs import Access
from validator.verify.members import Members
from validator.verify.plan import Plan
from validator.verify.questions import PORT, Outcome, Question, Reply, Server, ask
from validator.verify.workers import GRACE, Workers, start


@dataclass(frozen=True, slots=True)
class Options:
    """What to ask, whom, and how long."""

    dns: bool = True
    contexts: Mapping[str, Access] | None = None
    """The contexts of the kubeconfigs; None where clusters are not asked."""
    parents: tuple[Server, ...] = ()
    resolvers: tuple[Server, ...] = ()
    """Resolvers through which names are sampled too."""
    lookup: tuple[Server, ...] = ()
    """Resolvers that know the servers of the parent zone."""
    dns_port: int = PORT
    sampling: Sampling = field(default_factory=lambda: Sampling(6, None))
    each: float = 4.0
    total: float = 300.0
    ignore: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    """Everything that was answered."""

    parents: Parents = field(default_factory=lambda: Parents(()))
    referrals: list[Referral] = field(default_factory=list)
    servers: list[Witness] = field(default_factory=list)
    strangers: list[Witness] = field(default_factory=list)
    resolvers: list[Witness] = field(default_factory=list)
    clusters: list[Observed] = field(default_factory=list)


def run(plan: Plan, options: Options, meter: Meter) -> Report:
    """Verify the estate and return the report; `questions` in it says how much was asked and answered."""
    budget = Budget(options.each, options.total)
    workers = Workers(budget, meter)
    findings = Findings(plan)
    try:
        seen = _observe(plan, options, workers, budget, findings)
    finally:
        workers.close()
    for what, judge in _judges(plan, options, seen, findings).items():
        try:
            judge()
        except Exception as error:  # noqa: BLE001  # any crash must be told, whatever it is
            findings.crash(error, f"the judgement of {what}")
    asked, answered, left_out = budget.counts()
    if left_out:
        message = f"{left_out} questions were not asked: the {options.total:g} s for all were over"
        findings.tell("VER901", (), message)
    every = findings.sorted()
    kept = tuple(one for one in every if not _ignored(one, options.ignore))
    return Report(plan.path, 1, 1, kept, len(every) - len(kept), {plan.path: plan.content}, (asked, answered))


def _ignored(finding: Finding, names: tuple[str, ...]) -> bool:
    return any(finding.rule.startswith(name.upper()) or finding.name == name.lower() for name in names)


def _observe(plan: Plan, options: Options, workers: Workers, budget: Budget, findings: Findings) -> _Seen:
    """Ask for everything at once, each part in a thread that nothing waits for longer than the budget."""
    seen, sampling, contexts = _Seen(), options.sampling, options.contexts
    parts: dict[str, Callable[[], None]] = {}
    if options.dns:
        parts["the delegation"] = lambda: _delegation(plan, options, workers, budget, seen)
        parts["the name servers"] = lambda: _store(
            seen, "servers", answers.observe(plan, plan.name_servers, sampling, workers, budget)
        )
    if options.dns and options.resolvers:
        parts["the resolvers"] = lambda: _store(
            seen, "resolvers", answers.by_resolver(plan, options.resolvers, sampling, workers, budget)
        )
    if contexts is not None:
        parts["the clusters"] = lambda: _store(seen, "clusters", clusters.observe(plan, contexts, workers, budget))
    _together(parts, budget, findings)
    return seen


def _store(seen: _Seen, name: str, value: Any) -> None:
    setattr(seen, name, value)


def _delegation(plan: Plan, options: Options, workers: Workers, budget: Budget, seen: _Seen) -> None:
    """Ask the parent zone, and the servers of its delegation that the estate does not know."""
    parents = Parents(options.parents)
    if not options.parents:
        parents = delegation.find_parents(plan, options.lookup, options.dns_port, workers, budget)
    lookup = options.lookup or options.parents
    referrals = delegation.observe(plan, parents, lookup, workers, budget)
    strangers = _strangers(plan, referrals)
    items = [(Server(address, options.dns_port), domain.name) for address in strangers for domain in plan.domains]
    replies = workers.each(lambda item: ask(Question(item[0], item[1], "SOA"), budget), items)
    witnesses = {server: Witness(server, str(server)) for server, _ in items}
    for (server, domain), reply in zip(items, replies, strict=True):
        witnesses[server].zones[domain] = reply or Reply(Outcome.NOT_ASKED)
    seen.parents, seen.referrals, seen.strangers = parents, referrals, list(witnesses.values())


def _strangers(plan: Plan, referrals: list[Referral]) -> list[str]:
    """Return the addresses of name servers in the delegation that the estate does not know."""
    known = {one["host"].lower() for one in plan.estate["gslb"]["nameServers"]}
    own = {one["address"] for one in plan.estate["gslb"]["nameServers"]}
    found = {
        address
        for one in referrals
        for name, host in one.hosts.items()
        if name not in known and host.alias is None
        for address in host.addresses
    }
    return sorted(found - own)[: delegation.MAX_HOSTS]


def _together(parts: Mapping[str, Callable[[], None]], budget: Budget, findings: Findings) -> None:
    errors: dict[str, Exception] = {}

    def guarded(what: str, part: Callable[[], None]) -> None:
        try:
            part()
        except Exception as error:  # noqa: BLE001  # told as a finding below
            errors[what] = error

    threads = [start(partial(guarded, what, part)) for what, part in parts.items()]
    for thread in threads:
        thread.join(budget.left() + 4 * GRACE)
        if thread.is_alive():
            budget.leave_out()
    for what, error in sorted(errors.items()):
        findings.crash(error, f"the questions about {what}")


def _judges(plan: Plan, options: Options, seen: _Seen, findings: Findings) -> dict[str, Callable[[], None]]:
    judges: dict[str, Callable[[], None]] = {}
    if options.contexts is not None:
        judges["the clusters"] = lambda: judge_clusters.judge(plan, seen.clusters, findings)
        judges["the federation"] = lambda: judge_federation.judge(plan, seen.clusters, findings)
    if options.dns:
        judges["the delegation"] = lambda: _judge_delegation(plan, seen, findings)
        judges["the answers"] = lambda: _judge_answers(plan, seen, findings)
    return judges


def _judge_delegation(plan: Plan, seen: _Seen, findings: Findings) -> None:
    judge_delegation.judge(plan, seen.parents, seen.referrals, findings)
    judge_delegation.judge_strangers(plan, seen.strangers, findings)


def _judge_answers(plan: Plan, seen: _Seen, findings: Findings) -> None:
    if seen.servers:
        for server, witness in zip(plan.name_servers, seen.servers, strict=True):
            judge_answers.judge_server(plan, server, witness, findings)
    for witness in seen.resolvers:
        judge_answers.judge_resolver(plan, witness, findings)
    members = Members(plan, judge_clusters.ingress_addresses(plan, seen.clusters))
    judge_answers.judge_members(plan, [*seen.servers, *seen.resolvers], members, findings)
