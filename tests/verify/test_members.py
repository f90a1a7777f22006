"""Whose an address is, and what is said where nobody knows."""

from dataclasses import replace
from pathlib import Path

from tests.verify import api
from tests.verify.estates import HOST, VIP1, VIP2, lab, write
from validator.verify import judge_answers, judge_clusters, plan
from validator.verify.answers import Witness
from validator.verify.clusters import Observed
from validator.verify.findings import Findings
from validator.verify.members import Members
from validator.verify.plan import Plan
from validator.verify.questions import Outcome, Record, Reply, Server

SITE1, SITE2 = "nsxbaas-tkg-wld-site01", "nsxbaas-tkg-wld-site02"


def told(found: Plan, *answers: str, seen: dict[str, dict[str, frozenset[str]]] | None = None) -> list[str]:
    """Return the findings on answers of one name server, one address in each."""
    replies = [Reply(Outcome.ANSWERED, "NOERROR", answer=(Record(HOST, "A", 30, one),)) for one in answers]
    witness = Witness(Server("192.0.2.1"), "ns", samples={HOST: replies})
    findings = Findings(found)
    judge_answers.judge_members(found, [witness], Members(found, seen or {}), findings)
    return [f"{one.rule} {one.severity.value}: {one.message}" for one in findings.sorted()]


def lab_plan(folder: Path) -> Plan:
    return plan.read(write(folder, lab("192.0.2.11", "192.0.2.12")))


def test_a_cluster_of_whose_addresses_nothing_is_known(tmp_path: Path) -> None:
    found = lab_plan(tmp_path)
    blind = replace(found, networks={SITE1: found.networks[SITE1]})
    expected = (
        f"VER214 unverifiable: whether `{HOST}` is answered with members of `{SITE2}` of site `site02` is not known: "
        "nothing is known of their addresses"
    )
    assert told(blind, *[VIP1] * 20) == [expected]
    assert told(blind, *[VIP1, "10.9.9.9"] * 10) == [expected]


def test_an_ingress_tells_the_addresses_where_no_network_does(tmp_path: Path) -> None:
    blind = replace(lab_plan(tmp_path), networks={})
    seen = {SITE1: {HOST: frozenset({VIP1})}, SITE2: {HOST: frozenset({VIP2})}}
    assert told(blind, *[VIP1, VIP2] * 5, seen=seen) == []
    assert [text[:6] for text in told(blind, *[VIP1, VIP2, "10.9.9.9"] * 5, seen=seen)] == ["VER205"]


def test_clusters_that_share_a_network_are_not_told_apart(tmp_path: Path) -> None:
    found = lab_plan(tmp_path)
    shared = replace(found, networks=dict.fromkeys((SITE1, SITE2), found.networks[SITE1]))
    assert told(shared, *[VIP1] * 20) == []


def test_the_release_of_an_ako_that_tkg_brings_is_its_own(tmp_path: Path) -> None:
    found = lab_plan(tmp_path)
    for data, ids in (({}, ["VER306"]), ({"akoByTkg": True}, [])):
        cluster = replace(found.clusters[0], data={**found.clusters[0].data, **data})
        stateful = [api.stateful("ako", "1.10.5"), api.stateful("amko", "1.9.1")]
        findings = Findings(found)
        judge_clusters.judge(found, [Observed(cluster, {"statefulsets": stateful})], findings)
        assert [one.rule for one in findings.sorted()] == ids


def test_chance_is_told_from_loss(tmp_path: Path) -> None:
    """Of two equal members one may be missing from 9 answers once in 512 times, from 10 once in 1,024."""
    found = lab_plan(tmp_path)
    assert told(found, *[VIP1] * 9)[0].startswith("VER208 unverifiable")
    assert told(found, *[VIP1] * 10)[0].startswith("VER208 error")
