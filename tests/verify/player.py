"""Name servers that do what named never would: stay silent, cut answers, send garbage, be slow, or answer in turns."""

import contextlib
import itertools
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Answer = dns.message.Message | bytes | list[bytes] | None
Script = Callable[[dns.message.Message, bool], Answer]
"""From a question, and whether it came by TCP, to the answer: a message, raw bytes, silence, or pieces half a second apart."""


@dataclass
class Player:
    """One name server; it plays its script on UDP, and on TCP unless that is closed."""

    address: str
    port: int
    script: Script
    tcp: bool = True
    asked: list[tuple[str, bool, float]] = field(default_factory=list)
    """Names that were asked for, whether by TCP, and when."""
    _open: list[socket.socket] = field(default_factory=list)

    def start(self) -> None:
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind((self.address, self.port))
        self._open.append(datagrams)
        threading.Thread(target=self._datagrams, args=(datagrams,), daemon=True).start()
        if self.tcp:
            listener = socket.create_server((self.address, self.port))
            self._open.append(listener)
            threading.Thread(target=self._listen, args=(listener,), daemon=True).start()

    def stop(self) -> None:
        for channel in self._open:
            with contextlib.suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
            channel.close()

    def _datagrams(self, channel: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while (received := channel.recvfrom(65535))[0]:  # empty once the socket is shut down
                data, sender = received
                threading.Thread(target=self._datagram, args=(channel, data, sender), daemon=True).start()

    def _datagram(self, channel: socket.socket, data: bytes, sender: tuple[str, int]) -> None:
        with contextlib.suppress(OSError):
            for piece in self._play(data, tcp=False):
                channel.sendto(piece, sender)

    def _listen(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                channel, _ = listener.accept()
                threading.Thread(target=self._stream, args=(channel,), daemon=True).start()

    def _stream(self, channel: socket.socket) -> None:
        with contextlib.suppress(OSError, struct.error), channel:
            (size,) = struct.unpack("!H", channel.recv(2, socket.MSG_WAITALL))
            pieces = self._play(channel.recv(size, socket.MSG_WAITALL), tcp=True)
            for number, piece in enumerate(pieces):
                time.sleep(0.5 if number else 0)
                channel.sendall(struct.pack("!H", len(piece)) + piece if len(pieces) == 1 else piece)
            if not pieces:
                time.sleep(30)

    def _play(self, data: bytes, *, tcp: bool) -> list[bytes]:
        question = dns.message.from_wire(data)
        self.asked.append((question.question[0].name.to_text(omit_final_dot=True), tcp, time.monotonic()))
        answer = self.script(question, tcp)
        if isinstance(answer, dns.message.Message):
            return [answer.to_wire(max_size=65535)]
        if answer is None or isinstance(answer, list):
            return answer or []
        return [answer]


def reply(question: dns.message.Message, *records: str, rcode: str = "NOERROR", aa: bool = True) -> dns.message.Message:
    """Return an answer to a question; records are `NAME TTL TYPE VALUE`."""
    message = dns.message.make_response(question)
    message.set_rcode(dns.rcode.from_text(rcode))
    if aa:
        message.flags |= dns.flags.AA
    groups: dict[tuple[str, str, str], list[str]] = {}
    for record in records:
        name, ttl, kind, value = record.split(" ", 3)
        groups.setdefault((name, ttl, kind), []).append(value)
    for (name, ttl, kind), values in groups.items():
        message.answer.append(dns.rrset.from_text(name, int(ttl), "IN", kind, *values))
    return message


def asked_for(question: dns.message.Message) -> tuple[str, str]:
    """Return name and type of a question."""
    one = question.question[0]
    return one.name.to_text(omit_final_dot=True).lower(), one.rdtype.name


class in_turns:  # noqa: N801  # read as a verb where it is used
    """Answer with one address after the other for each name, as GSLB services do; with the SOA of any zone asked for."""

    def __init__(self, *addresses: str, ttl: int = 30) -> None:
        self.addresses, self.ttl = addresses, ttl
        self._turns: defaultdict[str, Iterator[str]] = defaultdict(lambda: itertools.cycle(addresses))

    def __call__(self, question: dns.message.Message, tcp: bool) -> Answer:
        name, kind = asked_for(question)
        if kind == "SOA":
            return soa(question)
        return reply(question, f"{name}. {self.ttl} A {next(self._turns[name])}")

    def again(self) -> "in_turns":
        """Return the same with turns of its own, as another name server has them."""
        return in_turns(*self.addresses, ttl=self.ttl)


def soa(question: dns.message.Message) -> dns.message.Message:
    name, _ = asked_for(question)
    return reply(question, f"{name}. 60 SOA ns.example. hostmaster.example. 1 3600 600 86400 30")
