"""What name servers answer for global names, played in every way in which they go wrong."""

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import dns.flags
import dns.message
import dns.rrset
import pytest

from tests.command import Data, Result
from tests.verify.estates import HOST, HOSTS, VIP1, VIP2, lab, verify, verify_apart, with_app, write
from tests.verify.player import Answer, Player, Script, asked_for, in_turns, reply, soa

PRIMARY = "nsxbaas-tkg-wld-site01"
STANDBY = "nsxbaas-tkg-wld-site02"


class Stage:
    """The lab with a parent zone that is right; a test says what the two name servers play."""

    def __init__(self, play: Callable[..., Player], net: str, port: int, folder: Path) -> None:
        self.play, self.port, self.folder = play, port, folder
        self.parent, self.first, self.second = f"{net}.10", f"{net}.11", f"{net}.12"
        self.data: Data = lab(self.first, self.second)
        play(self.parent, self._delegate)

    def _delegate(self, question: dns.message.Message, tcp: bool) -> Answer:
        message = reply(question, aa=False)
        message.authority.append(
            dns.rrset.from_text(question.question[0].name, 300, "IN", "NS", *(f"{h}." for h in HOSTS))
        )
        for host, address in zip(HOSTS, (self.first, self.second), strict=True):
            message.additional.append(dns.rrset.from_text(f"{host}.", 300, "IN", "A", address))
        return message

    def serve(self, first: Script, second: Script | None = None, *, tcp: bool = True) -> tuple[Player, Player]:
        if second is None:
            second = first.again() if isinstance(first, in_turns) else first
        return self.play(self.first, first, tcp=tcp), self.play(self.second, second, tcp=tcp)

    def verify(self, *options: str, pause: str | None = "0", format: str | None = "json") -> Result:
        at = self.options(pause)
        wait = [] if "--wait" in options else ["--wait", "3"]
        return verify(write(self.folder, self.data), *at, *wait, *options, format=format)

    def options(self, pause: str | None = "0") -> list[str]:
        at = ["--parent-server", f"{self.parent}:{self.port}", "--dns-port", str(self.port)]
        return [*at, *(["--pause", pause] if pause is not None else [])]


@pytest.fixture
def stage(play: Callable[..., Player], net: str, port: int, tmp_path: Path) -> Stage:
    return Stage(play, net, port, tmp_path)


def for_name(answer: Callable[[dns.message.Message, bool], Answer]) -> Script:
    """Play `answer` for addresses, and the SOA for everything else."""
    return lambda question, tcp: soa(question) if asked_for(question)[1] == "SOA" else answer(question, tcp)


def test_names_answered_in_turns_are_clean(stage: Stage) -> None:
    first, second = stage.serve(in_turns(VIP1, VIP2))
    result = verify_apart(write(stage.folder, stage.data), *stage.options(), "--wait", "20")
    assert (result.code, result.ids) == (0, []), result
    for player in (first, second):
        assert [tcp for name, tcp, _ in player.asked if name == HOST].count(False) == 6
        assert [tcp for name, tcp, _ in player.asked if name == HOST].count(True) == 1


def test_the_pause_is_the_time_to_live_a_second_at_most(stage: Stage) -> None:
    first, _ = stage.serve(in_turns(VIP1, VIP2, ttl=30))
    assert stage.verify("--samples", "3", "--wait", "20", pause=None).code == 0
    times = [at for name, tcp, at in first.asked if name == HOST and not tcp]
    assert len(times) == 3
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.99


def test_through_a_resolver_the_pause_lasts_until_its_memory_is_gone(stage: Stage, net: str) -> None:
    stage.serve(in_turns(VIP1, VIP2))
    resolver = stage.play(f"{net}.53", in_turns(VIP1, VIP2, ttl=2))
    result = stage.verify("--resolver", f"{net}.53:{stage.port}", "--samples", "2", "--wait", "20", pause=None)
    assert result.code == 0, result
    times = [at for name, _, at in resolver.asked if name == HOST]
    assert len(times) == 2
    assert times[1] - times[0] >= 2


def test_a_member_that_is_never_answered(stage: Stage) -> None:
    stage.serve(in_turns(VIP1))
    result = stage.verify()
    assert (result.code, result.ids) == (1, ["VER208"])
    assert result.message("VER208") == f"`{HOST}` is never answered with `{STANDBY}` of site `site02`, in 12 answers"
    assert (result.findings[0]["site"], result.findings[0]["cluster"]) == ("site02", STANDBY)


def test_too_few_answers_to_call_a_member_missing(stage: Stage) -> None:
    stage.serve(in_turns(VIP1))
    result = stage.verify("--samples", "3")
    assert (result.code, result.ids) == (0, ["VER208"])
    assert result.findings[0]["severity"] == "unverifiable"
    assert "in 6 answers, too few to call it missing: 10 would do" in result.message("VER208")


def test_an_algorithm_that_ties_a_client_to_a_member(stage: Stage) -> None:
    stage.data["amko"]["poolAlgorithm"] = {"lbAlgorithm": "GSLB_ALGORITHM_TOPOLOGY"}
    stage.serve(in_turns(VIP1))
    result = stage.verify()
    assert (result.code, [one["severity"] for one in result.findings]) == (0, ["unverifiable"])
    assert "GSLB_ALGORITHM_TOPOLOGY" in result.message("VER208")


def test_a_small_share_needs_more_answers(stage: Stage) -> None:
    split = [{"cluster": PRIMARY, "weight": 19}, {"cluster": STANDBY, "weight": 1}]
    stage.data["amko"]["trafficSplit"] = split
    stage.serve(in_turns(VIP1))
    assert "135 would do" in stage.verify().message("VER208")


def test_one_name_server_without_a_member(stage: Stage) -> None:
    stage.serve(in_turns(VIP1, VIP2), in_turns(VIP1))
    result = stage.verify("--samples", "12")
    assert (result.code, result.ids) == (0, ["VER215"])
    assert f"`{HOSTS[1]}` never answers for `{HOST}` with `{STANDBY}`" in result.message("VER215")


def test_an_address_of_no_member(stage: Stage) -> None:
    stage.serve(in_turns(VIP1, VIP2), in_turns(VIP1, "10.9.9.9", VIP2))
    result = stage.verify()
    assert (result.code, result.ids) == (1, ["VER205"])
    message = result.message("VER205")
    assert f"answered with `10.9.9.9` by `{HOSTS[1]}`, which no member has" in message
    assert f"`{PRIMARY}` `192.168.61.0/24`" in message


@pytest.mark.parametrize(("mode", "id"), [("single-site", "VER206"), ("active-standby", "VER207")])
def test_a_cluster_that_should_not_answer(stage: Stage, mode: str, id: str) -> None:
    app = stage.data["apps"][0]
    app["mode"] = mode
    app["site" if mode == "single-site" else "primary"] = "site01"
    stage.serve(in_turns(VIP1, VIP2))
    result = stage.verify()
    assert (result.code, result.ids) == (1, [id])
    assert f"answered with `{VIP2}`" in result.message(id)


@pytest.mark.parametrize("mode", ["single-site", "active-standby"])
def test_the_one_cluster_that_should_answer(stage: Stage, mode: str) -> None:
    app = stage.data["apps"][0]
    app["mode"] = mode
    app["site" if mode == "single-site" else "primary"] = "site01"
    stage.serve(in_turns(VIP1))
    assert (stage.verify().code, stage.verify().ids) == (0, [])


def test_the_fallback_address_means_that_all_members_are_down(stage: Stage) -> None:
    down = {"type": "GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP", "fallbackIP": "192.0.2.80"}
    stage.data["amko"]["downResponse"] = down
    stage.serve(in_turns("192.0.2.80"))
    result = stage.verify()
    assert (result.code, result.ids) == (1, ["VER209"])
    assert "all its members are down" in result.message("VER209")


def test_an_empty_answer_means_that_all_members_are_down_where_the_policy_says_so(stage: Stage) -> None:
    stage.data["amko"]["downResponse"] = {"type": "GSLB_SERVICE_DOWN_RESPONSE_EMPTY"}
    stage.serve(for_name(lambda question, _tcp: reply(question)))
    assert stage.verify().ids == ["VER209", "VER209"]


def test_a_name_server_that_does_not_know_the_name(stage: Stage) -> None:
    stage.serve(in_turns(VIP1, VIP2), for_name(lambda question, _tcp: reply(question, rcode="NXDOMAIN")))
    result = stage.verify()
    assert (result.code, result.ids) == (1, ["VER203"])
    assert f"`{HOSTS[1]}` at `{stage.second}:{stage.port}` says that `{HOST}` does not exist" in result.message(
        "VER203"
    )


def test_a_name_server_that_drops_one_name(stage: Stage) -> None:
    """An Avi DNS virtual service drops what it does not know."""
    stage.serve(in_turns(VIP1, VIP2), for_name(lambda _question, _tcp: None))
    result = stage.verify()
    assert (result.code, result.ids) == (1, ["VER203"])
    assert "though it answers other questions" in result.message("VER203")


def test_a_name_server_without_a_zone_is_no_error(stage: Stage) -> None:
    """With the profile System-DNS as it is, a DNS virtual service drops the question for the SOA."""
    turns = in_turns(VIP1, VIP2)
    stage.serve(lambda question, tcp: None if asked_for(question)[1] == "SOA" else turns(question, tcp))
    result = stage.verify()
    assert (result.code, result.ids) == (0, ["VER210", "VER210"])
    assert {one["severity"] for one in result.findings} == {"info"}


def test_servfail_for_one_name_is_not_lame(stage: Stage) -> None:
    stage.data = with_app(stage.data, "other")
    turns = in_turns(VIP1, VIP2)

    def script(question: dns.message.Message, tcp: bool) -> Answer:
        broken = asked_for(question)[0].startswith("other.")
        return reply(question, rcode="SERVFAIL") if broken else turns(question, tcp)

    stage.serve(in_turns(VIP1, VIP2), script)
    result = stage.verify()
    assert result.ids == ["VER203"]
    assert "answers SERVFAIL, asked for `other.avi.nsxbaas.homelab`" in result.message("VER203")
    assert stage.verify("--app", "onlineshop").ids == []


def test_answers_without_authority_and_with_another_time_to_live(stage: Stage) -> None:
    stage.data["amko"]["ttl"] = 10
    stage.serve(
        for_name(lambda question, _tcp: reply(question, f"{HOST}. 30 A {VIP1}", f"{HOST}. 30 A {VIP2}", aa=False))
    )
    result = stage.verify()
    assert (result.code, result.ids) == (0, ["VER204", "VER204", "VER211", "VER211"])
    assert stage.verify("--fail-on", "warning").code == 1
    assert stage.verify("--ignore", "VER204,ttl-differs").ids == []


def test_an_alias_with_addresses_behind_it_is_followed(stage: Stage) -> None:
    records = [f"{HOST}. 30 CNAME a.example.", "a.example. 30 CNAME b.example."]
    full = [*records, f"b.example. 30 A {VIP1}", f"b.example. 30 A {VIP2}"]
    stage.serve(for_name(lambda question, _tcp: reply(question, *full)))
    assert stage.verify().ids == []


@pytest.mark.parametrize("length", [1, 12, 300])
def test_aliases_without_an_end(stage: Stage, length: int) -> None:
    names = [HOST, *(f"c{number}.example" for number in range(length - 1)), HOST]
    records = [f"{name}. 30 CNAME {other}." for name, other in itertools.pairwise(names)]
    stage.serve(for_name(lambda question, _tcp: reply(question, *records)))
    assert stage.verify().ids == ["VER212", "VER212"]


def test_a_cut_answer_is_taken_by_tcp(stage: Stage) -> None:
    def script(question: dns.message.Message, tcp: bool) -> Answer:
        message = reply(question, *(f"{HOST}. 30 A {address}" for address in (VIP1, VIP2) if tcp))
        message.flags |= 0 if tcp else dns.flags.TC
        return message

    first, _ = stage.serve(for_name(script))
    assert (stage.verify().code, stage.verify().ids) == (0, [])
    assert sum(tcp for name, tcp, _ in first.asked if name == HOST) >= 6


def test_a_cut_answer_without_tcp(stage: Stage) -> None:
    def script(question: dns.message.Message, tcp: bool) -> Answer:
        message = reply(question)
        message.flags |= dns.flags.TC
        return message

    stage.serve(for_name(script), tcp=False)
    result = stage.verify()
    assert (result.code, result.ids) == (1, ["VER202", "VER202"])
    assert {one["severity"] for one in result.findings} == {"error"}
    assert all(f"its answer over UDP is cut off for `{HOST}`" in one["message"] for one in result.findings)


def test_no_tcp_though_nothing_is_cut_off(stage: Stage) -> None:
    stage.serve(in_turns(VIP1, VIP2), tcp=False)
    result = stage.verify()
    assert (result.code, result.ids) == (0, ["VER202", "VER202"])
    assert {one["severity"] for one in result.findings} == {"warning"}
    assert "does not listen (the port is closed) over TCP; over UDP it answers" in result.findings[0]["message"]


def test_tcp_that_accepts_and_says_nothing(stage: Stage) -> None:
    turns = in_turns(VIP1, VIP2)
    stage.serve(lambda question, tcp: None if tcp else turns(question, tcp))
    result = stage.verify()
    assert result.ids == ["VER202", "VER202"]
    assert "does not answer over TCP" in result.findings[0]["message"]


def test_tcp_alone(stage: Stage) -> None:
    turns = in_turns(VIP1, VIP2)
    stage.serve(in_turns(VIP1, VIP2), lambda question, tcp: turns(question, tcp) if tcp else None)
    result = stage.verify()
    assert result.ids == ["VER201"]
    assert result.message("VER201").endswith("does not answer over UDP, though it answers over TCP")


def test_one_lost_datagram_is_no_finding(stage: Stage) -> None:
    """The question is sent again at half of its time."""
    turns, lost = in_turns(VIP1, VIP2), set[tuple[str, str]]()

    def script(question: dns.message.Message, tcp: bool) -> Answer:
        key = asked_for(question)
        if not tcp and key not in lost:
            lost.add(key)
            return None
        return turns(question, tcp)

    stage.serve(in_turns(VIP1, VIP2), script)
    assert (stage.verify().code, stage.verify().ids) == (0, [])
    assert len(lost) == 2


def test_a_server_from_before_edns(stage: Stage) -> None:
    turns = in_turns(VIP1, VIP2)
    stage.serve(lambda question, tcp: turns(question, tcp) if question.edns < 0 else reply(question, rcode="FORMERR"))
    assert stage.verify().ids == []


# Bounds: nothing that a server does may keep the command, or fill the report.


def test_servers_that_never_answer_cost_a_few_questions(stage: Stage) -> None:
    for number in range(40):
        stage.data = with_app(stage.data, f"app{number}")
    stage.serve(lambda _question, _tcp: None)
    start = time.monotonic()
    result = stage.verify("--wait", "0.5")
    assert time.monotonic() - start < 30
    assert (result.code, result.ids) == (1, ["VER201", "VER201"])
    # one question to the parent zone; per server three names and the SOA, by UDP and by TCP
    assert result.report["summary"]["questions"] == {"asked": 17, "answered": 1}


def test_slow_answers_in_time_are_answers(stage: Stage) -> None:
    turns = in_turns(VIP1, VIP2)

    def script(question: dns.message.Message, tcp: bool) -> Answer:
        time.sleep(0.7)
        return turns(question, tcp)

    stage.serve(script)
    assert stage.verify("--wait", "3", "--samples", "2", "--app", "onlineshop").code == 0


def test_answers_that_drip_in(stage: Stage) -> None:
    turns = in_turns(VIP1, VIP2)
    stage.serve(lambda question, tcp: [b"\x02"] * 100 if tcp else turns(question, tcp))
    start = time.monotonic()
    assert stage.verify().ids == ["VER202", "VER202"]
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("garbage", [b"", b"\0", b"\xff" * 600, b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_garbage(stage: Stage, garbage: bytes) -> None:
    stage.serve(lambda _question, _tcp: garbage)
    result = stage.verify()
    assert (result.code, result.ids) == (1, ["VER201", "VER201"])
    assert "answers with no DNS message over UDP" in result.findings[0]["message"]


def test_answers_to_questions_that_nobody_asked(stage: Stage) -> None:
    """A forged answer has another id; it is passed over, and the true one that comes after it counts."""
    turns = in_turns(VIP1, VIP2)

    def script(question: dns.message.Message, tcp: bool) -> Answer:
        answer = turns(question, tcp)
        assert isinstance(answer, dns.message.Message)
        wire = answer.to_wire(max_size=65535)
        forged = reply(question, f"{HOST}. 30 A 6.6.6.6").to_wire()
        return wire if tcp else [bytes([forged[0] ^ 1]) + forged[1:], wire]

    stage.serve(script)
    assert stage.verify().ids == []


def test_a_thousand_records_make_one_finding(stage: Stage) -> None:
    records = [f"{HOST}. 30 A 10.{number // 250}.{number % 250}.1" for number in range(1000)]
    members = [f"{HOST}. 30 A {VIP1}", f"{HOST}. 30 A {VIP2}"]
    stage.serve(for_name(lambda question, _tcp: reply(question, *members, *records)))
    result = stage.verify("--wait", "20")
    assert (result.code, result.ids) == (1, ["VER205"])
    assert "and 995 more" in result.message("VER205")


def test_the_time_for_all_is_kept(stage: Stage) -> None:
    """What there is no time for is not asked, and that is said."""
    stage.serve(in_turns(VIP1, VIP2))
    start = time.monotonic()
    result = stage.verify("--timeout", "1", "--samples", "50", "--resolver", f"{stage.parent[:-2]}99:{stage.port}")
    assert time.monotonic() - start < 20
    assert (result.code, result.ids) == (1, ["VER213"])  # nothing listens where the resolver should be
    assert result.report["summary"]["questions"]["answered"] > 0


def test_no_time_at_all_is_not_clean(stage: Stage) -> None:
    for number in range(100):
        stage.data = with_app(stage.data, f"app{number}")

    def script(question: dns.message.Message, tcp: bool) -> Answer:
        time.sleep(0.4)
        return in_turns(VIP1, VIP2)(question, tcp)

    stage.serve(script)
    result = stage.verify("--timeout", "1", "--wait", "1")
    assert "VER901" in result.ids
    assert "were not asked: the 1 s for all were over" in result.message("VER901")


def test_names_that_a_server_sends_are_not_obeyed_by_the_terminal(stage: Stage) -> None:
    evil = "\\027[31mred.example"
    stage.serve(for_name(lambda question, _tcp: reply(question, f"{HOST}. 30 CNAME {evil}.")))
    result = stage.verify(format="text")
    assert "\x1b" not in result.out
    assert "VER212" in result.out
