"""Findings about the delegation."""

from __future__ import annotations

from collections.abc import Sequence

from validator.finding import Severity
from validator.verify.answers import Witness
from validator.verify.delegation import Parents, Referral
from validator.verify.findings import Findings, listed
from validator.verify.plan import Domain, NameServer, Plan
from validator.verify.questions import Outcome, Reply

_BROKEN = {"REFUSED", "SERVFAIL", "NOTAUTH", "NOTIMP", "FORMERR"}


def judge(plan: Plan, parents: Parents, referrals: Sequence[Referral], findings: Findings) -> None:
    """Compare what the servers of the parent zone say with the estate's name servers."""
    if not parents.servers:
        message = f"no server of `{plan.parent_zone}` could be asked: {parents.trouble}"
        findings.tell("VER107", ("gslb", "parentZone"), message)
    for domain in plan.domains:
        _domain(plan, domain, [one for one in referrals if one.domain == domain], findings)


def _domain(plan: Plan, domain: Domain, referrals: Sequence[Referral], findings: Findings) -> None:
    said = [one for one in referrals if one.reply.outcome is not Outcome.NOT_ASKED]
    for one in said:
        if not one.reply.sound:
            message = f"server `{one.server}` of `{plan.parent_zone}` {one.reply}, asked for `{domain.name}` NS"
            findings.tell("VER107", ("gslb", "parentZone"), message)
    sound = [one for one in said if one.reply.sound]
    empty = [one for one in sound if not one.hosts]
    if empty:
        servers = listed(one.server for one in empty)
        what = "says that it does not exist" if empty[0].reply.rcode == "NXDOMAIN" else "gives no NS record for it"
        message = f"`{domain.name}` is not delegated: {servers} {what}, it must name {_wanted(plan)}"
        findings.tell("VER102", domain.at, message)
    _name_servers(plan, domain, [one for one in sound if one.hosts], findings)
    for server in plan.name_servers:
        _address(domain, server, [one for one in sound if server.host.lower() in one.hosts], findings)


def _wanted(plan: Plan) -> str:
    return listed(one.host for one in plan.name_servers)


def _name_servers(plan: Plan, domain: Domain, referrals: Sequence[Referral], findings: Findings) -> None:
    """Tell every set of name servers that is not the estate's, once, with the servers that say so."""
    wanted = {one.host.lower() for one in plan.name_servers}
    sets: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Referral]] = {}
    for one in referrals:
        missing = tuple(sorted(wanted - set(one.hosts)))
        extra = tuple(sorted(set(one.hosts) - wanted)) if plan.whole else ()
        if missing or extra:
            sets.setdefault((missing, extra), []).append(one)
    for (missing, extra), who in sorted(sets.items(), key=lambda item: item[0]):
        parts = [f"without {listed(missing)}"] if missing else []
        parts += [f"with {listed(extra)}, which is none of the estate's"] if extra else []
        servers = listed(one.server for one in who)
        message = f"`{domain.name}` is delegated {' and '.join(parts)} by {servers}; it must be to {_wanted(plan)}"
        related = [(one.at, f"`{one.host}`") for one in plan.name_servers if one.host.lower() in missing]
        findings.tell("VER101", domain.at, message, related=related)


def _address(domain: Domain, server: NameServer, referrals: Sequence[Referral], findings: Findings) -> None:
    for one in referrals:
        host = one.hosts[server.host.lower()]
        where = f"at `{one.server}`, in the delegation of `{domain.name}`"
        if host.alias is not None:
            message = (
                f"name server `{server.host}` is an alias of `{host.alias}` {where}; it must have an address itself"
            )
            findings.tell("VER105", server.at, message, site=server.site)
        elif not host.known:
            message = f"nobody who was asked knows the address of name server `{server.host}`, {where}"
            findings.tell("VER107", server.at, message, site=server.site)
        elif not host.addresses:
            message = f"name server `{server.host}` has no address {where}; it must have `{server.server.address}`"
            findings.tell("VER104", server.at, message, site=server.site)
        elif set(host.addresses) != {server.server.address}:
            message = (
                f"name server `{server.host}` has {listed(host.addresses)} {where}; "
                f"the estate file says `{server.server.address}`"
            )
            severity = Severity.WARNING if _other_family(host.addresses, server.server.address) else None
            findings.tell("VER103", server.at, message, severity=severity, site=server.site)


def _other_family(found: Sequence[str], wanted: str) -> bool:
    """Return whether the right address is there, and all others are of the other family: the file names one of them."""
    return wanted in found and all((":" in one) != (":" in wanted) for one in found if one != wanted)


def lame(plan: Plan, witness: Witness, domain: Domain) -> Reply | None:
    """Return the answer that shows that a name server does not serve a domain, None where it does or says nothing."""
    hosts = [name.host for name in plan.names if name.domain == domain.name]
    replies = [witness.udp.get(host) for host in hosts] + [witness.zones.get(domain.name)]
    said = [reply for reply in replies if reply is not None and reply.answered]
    if said and all(_lame(reply) for reply in said):
        return said[0]
    return None


def what(reply: Reply) -> str:
    """Return what a server that does not serve a domain does, as a message says it."""
    return "points elsewhere" if reply.rcode == "NOERROR" else str(reply)


def _lame(reply: Reply) -> bool:
    if reply.rcode in _BROKEN:
        return True
    return not reply.authoritative and not reply.answer and not reply.truncated


def judge_strangers(plan: Plan, witnesses: Sequence[Witness], findings: Findings) -> None:
    """Tell the servers of the delegation that are none of the estate's and do not serve the domain."""
    for witness in witnesses:
        for domain in plan.domains:
            reply = witness.zones.get(domain.name)
            if reply is None or reply.outcome is Outcome.NOT_ASKED:
                continue
            if not reply.answered or _lame(reply):
                message = f"`{domain.name}` is delegated to `{witness.server}`, which {what(reply)}, asked for it"
                findings.tell("VER106", domain.at, message)
