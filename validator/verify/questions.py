"""One question to a name server, by UDP or TCP, with every way in which it can fail told apart.

Sources: RFC 1035, RFC 6891 (EDNS), RFC 7766 (TCP), RFC 9210.
"""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from validator.errors import InputError
from validator.verify.budget import Budget

if TYPE_CHECKING:
    import dns.message

PORT = 53
PAYLOAD = 1232
"""Octets of an answer by UDP that we take; the value that the DNS flag day of 2020 settled on."""
MAX_STRANGERS = 64
"""Datagrams that are no answer to our question, after which we stop to listen."""
MAX_LINKS = 16
"""Aliases that are followed inside one answer."""
_SERVER = re.compile(r"(?:\[([^\[\]]*)\]|([^:\[\]]*))(?::(\d+))?", re.ASCII)


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answers"
    SILENT = "does not answer"
    CLOSED = "does not listen (the port is closed)"
    UNREACHABLE = "cannot be reached (there is no way to it)"
    GARBAGE = "answers with no DNS message"
    NOT_ASKED = "was not asked"


@dataclass(frozen=True, slots=True, order=True)
class Server:
    """A name server by its address."""

    address: str
    port: int = PORT

    def __str__(self) -> str:
        if self.port == PORT:
            return self.address
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom; `recursive` sets the RD bit."""

    server: Server
    name: str
    kind: str = "A"
    tcp: bool = False
    recursive: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record; names are in lower case, without the last dot."""

    name: str
    kind: str
    ttl: int
    value: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    outcome: Outcome
    rcode: str = ""
    authoritative: bool = False
    truncated: bool = False
    answer: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()

    @property
    def answered(self) -> bool:
        return self.outcome is Outcome.ANSWERED

    @property
    def sound(self) -> bool:
        """Return whether the server did what it was asked, be it to say that there is nothing."""
        return self.answered and self.rcode in {"NOERROR", "NXDOMAIN"}

    def __str__(self) -> str:
        if not self.answered:
            return self.outcome.value
        return f"answers {self.rcode}" if self.rcode != "NOERROR" else "answers"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses that an answer gives for a name, in the order of the answer."""

    values: tuple[str, ...]
    aliases: tuple[str, ...]
    """The names that the name stands for, one after the other."""
    ttl: int | None
    """Seconds for which a resolver may keep the answer."""


def server(text: str, default_port: int = PORT) -> Server:
    """Return the server that `ADDR`, `ADDR:PORT` or `[ADDR]:PORT` names; raise InputError for anything else."""
    match = _SERVER.fullmatch(text)
    address, port = (match[1] or match[2], match[3] or str(default_port)) if match else (text, str(default_port))
    try:
        found = str(ipaddress.ip_address(address))
    except ValueError:
        hint = "an IP address, with `:PORT` behind it where the port is not 53"
        raise InputError(f"`{text}` is not the address of a name server", hint=hint) from None
    if not 0 < int(port[:6]) < 65536:
        raise InputError(f"`{port}` is not a port, 1 to 65535 are")
    return Server(found, int(port))


def ask(question: Question, budget: Budget) -> Reply:
    """Put a question and return what became of it, within the budget's time for one question."""
    seconds = budget.turn()
    if seconds <= 0:
        budget.leave_out()
        return Reply(Outcome.NOT_ASKED)
    end = time.monotonic() + seconds
    reply = _put(question, end, edns=True)
    if reply.rcode == "FORMERR" and end - time.monotonic() > 0:
        reply = _put(question, end, edns=False)  # a server from before EDNS: RFC 6891 section 7
    budget.count(answered=reply.answered)
    return reply


def addresses(reply: Reply, name: str, kinds: tuple[str, ...] = ("A", "AAAA")) -> Addresses:
    """Return the addresses of a name in an answer; aliases in it are followed, `MAX_LINKS` of them at most."""
    aliases: list[str] = []
    ttls: list[int] = []
    links = {record.name: record for record in reversed(reply.answer) if record.kind == "CNAME"}
    while name in links and len(aliases) < MAX_LINKS:
        link = links.pop(name)
        name = link.value
        aliases.append(name)
        ttls.append(link.ttl)
    found = [record for record in reply.answer if record.kind in kinds and record.name == name]
    ttls += [record.ttl for record in found]
    return Addresses(tuple(dict.fromkeys(record.value for record in found)), tuple(aliases), min(ttls, default=None))


def _put(question: Question, end: float, *, edns: bool) -> Reply:
    import dns.exception
    import dns.flags
    import dns.message

    query = dns.message.make_query(question.name, question.kind)
    if edns:
        query.use_edns(0, payload=PAYLOAD)
    if not question.recursive:
        query.flags &= ~dns.flags.RD
    try:
        answer = _over_tcp(query, question.server, end) if question.tcp else _over_udp(query, question.server, end)
        return _reply(answer) if isinstance(answer, dns.message.Message) else Reply(answer)
    except OSError as error:
        return Reply(_failure(error))
    except (dns.exception.DNSException, EOFError, ValueError, IndexError, RecursionError):
        return Reply(Outcome.GARBAGE)


def _over_udp(query: dns.message.Message, server: Server, end: float) -> dns.message.Message | Outcome:
    """Send the question, a second time at half of the time, and take the first answer to it.

    The socket is connected: only then does the system tell of an ICMP message that says that nothing listens.
    """
    wire = query.to_wire()
    family = socket.AF_INET6 if ":" in server.address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as channel:
        channel.connect((server.address, server.port))
        start = time.monotonic()
        outcome = Outcome.SILENT
        strangers = 0
        for limit in (start + (end - start) / 2, end):
            channel.send(wire)
            while (left := limit - time.monotonic()) > 0 and strangers < MAX_STRANGERS:
                channel.settimeout(left)
                try:
                    data = channel.recv(65535)
                except TimeoutError:
                    break
                answer = _parsed(data)
                if answer is not None and query.is_response(answer):
                    return answer
                strangers += 1
                outcome = Outcome.GARBAGE if answer is None else outcome
        return outcome


def _parsed(data: bytes) -> dns.message.Message | None:
    import dns.exception
    import dns.message

    try:
        return dns.message.from_wire(data, raise_on_truncation=False)
    except (dns.exception.DNSException, ValueError, IndexError, RecursionError):
        return None


def _over_tcp(query: dns.message.Message, server: Server, end: float) -> dns.message.Message | Outcome:
    import dns.exception
    import dns.query

    try:
        return dns.query.tcp(query, server.address, timeout=max(end - time.monotonic(), 0.001), port=server.port)
    except dns.exception.Timeout:
        return Outcome.SILENT
    except EOFError:
        return Outcome.CLOSED


def _failure(error: OSError) -> Outcome:
    if isinstance(error, ConnectionError):
        return Outcome.CLOSED
    if isinstance(error, TimeoutError) or error.errno in {errno.EAGAIN, errno.ETIMEDOUT}:
        return Outcome.SILENT
    return Outcome.UNREACHABLE


def _reply(message: dns.message.Message) -> Reply:
    import dns.flags
    import dns.rcode

    return Reply(
        Outcome.ANSWERED,
        dns.rcode.to_text(message.rcode()),
        bool(message.flags & dns.flags.AA),
        bool(message.flags & dns.flags.TC),
        _records(message.answer),
        _records(message.authority),
        _records(message.additional),
    )


def _records(section: list[dns.rrset.RRset]) -> tuple[Record, ...]:
    import dns.rdatatype

    return tuple(
        Record(_name(rrset.name.to_text()), dns.rdatatype.to_text(rrset.rdtype), rrset.ttl, _value(rrset.rdtype, rdata))
        for rrset in section
        for rdata in rrset
    )


def _value(kind: int, rdata: object) -> str:
    import dns.rdatatype

    text = str(rdata)
    return _name(text) if kind in {dns.rdatatype.NS, dns.rdatatype.CNAME} else text


def _name(text: str) -> str:
    return text.lower().removesuffix(".") if text != "." else "."
