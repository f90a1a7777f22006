"""Single parts of a question: servers by name, failures told apart, answers that are not to be trusted."""

import errno
import random

import dns.message
import dns.rrset
import pytest

from validator.errors import InputError
from validator.verify import questions
from validator.verify.budget import Budget
from validator.verify.questions import Outcome, Question, Record, Reply, Server


@pytest.mark.parametrize(
    ("text", "expected", "shown"),
    [
        ("192.0.2.1", Server("192.0.2.1", 53), "192.0.2.1"),
        ("192.0.2.1:5353", Server("192.0.2.1", 5353), "192.0.2.1:5353"),
        ("2001:DB8::1", Server("2001:db8::1", 53), "2001:db8::1"),
        ("[2001:db8::1]:5353", Server("2001:db8::1", 5353), "[2001:db8::1]:5353"),
        ("[2001:db8::1]", Server("2001:db8::1", 53), "2001:db8::1"),
    ],
)
def test_servers_by_address_and_port(text: str, expected: Server, shown: str) -> None:
    assert questions.server(text) == expected
    assert str(expected) == shown


@pytest.mark.parametrize(
    "text", ["", "ns.example", "192.0.2.1:", "192.0.2.1:x", "192.0.2.1:0", "[::1", "[::1]5353", "1.2.3.4:\u0665"]
)
def test_texts_that_are_no_server(text: str) -> None:
    with pytest.raises(InputError):
        questions.server(text)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, ""), Outcome.CLOSED),
        (ConnectionResetError(errno.ECONNRESET, ""), Outcome.CLOSED),
        (OSError(errno.EHOSTUNREACH, ""), Outcome.UNREACHABLE),
        (OSError(errno.ENETUNREACH, ""), Outcome.UNREACHABLE),
        (TimeoutError(errno.ETIMEDOUT, ""), Outcome.SILENT),
        (BlockingIOError(errno.EAGAIN, ""), Outcome.SILENT),
    ],
)
def test_failures_are_told_apart(error: OSError, outcome: Outcome) -> None:
    assert questions._failure(error) is outcome


def test_no_question_without_time() -> None:
    budget = Budget(each=1, total=0)
    assert questions.ask(Question(Server("127.0.0.1"), "a.example"), budget).outcome is Outcome.NOT_ASKED
    assert budget.counts() == (0, 0, 1)


def test_addresses_behind_aliases_count_with_the_shortest_time_to_live() -> None:
    answer = (
        Record("a.example", "CNAME", 300, "b.example"),
        Record("b.example", "A", 30, "192.0.2.1"),
        Record("c.example", "A", 5, "192.0.2.2"),
    )
    found = questions.addresses(Reply(Outcome.ANSWERED, "NOERROR", answer=answer), "a.example")
    assert (found.values, found.aliases, found.ttl) == (("192.0.2.1",), ("b.example",), 30)


def test_broken_messages_are_refused_and_never_crash() -> None:
    made = dns.message.make_response(dns.message.make_query("a.b.example", "A"))
    for kind, value in (
        ("A", "192.0.2.1"),
        ("AAAA", "2001:db8::1"),
        ("CNAME", "c.example."),
        ("NS", "ns.example."),
        ("SOA", "ns.example. h.example. 1 2 3 4 5"),
        ("TXT", '"text"'),
        ("SRV", "1 2 3 t.example."),
        ("HTTPS", "1 . alpn=h2"),
    ):
        made.answer.append(dns.rrset.from_text("a.b.example.", 30, "IN", kind, value))
    wire, chance = made.to_wire(), random.Random(7)  # noqa: S311  # the same faults in every run
    outcomes = set()
    for _ in range(800):
        broken = bytearray(wire)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        parsed = questions._parsed(bytes(broken[: chance.randrange(len(broken))] if chance.random() < 0.3 else broken))
        outcomes.add(parsed is None)
        if parsed is not None:
            questions.addresses(questions._reply(parsed), "a.b.example")
    assert outcomes == {True, False}
