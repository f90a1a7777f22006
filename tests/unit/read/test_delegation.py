"""Files for DNS servers are read as the servers read them, within bounds, whatever is in them."""

import time
from pathlib import Path

import dns.rdatatype
import dns.zone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validator.errors import InputError
from validator.options import Options
from validator.read.delegation import is_form, reader
from validator.read.delegation import zone as zone_files
from validator.read.delegation.entry import address
from validator.read.delegation.reader import MAX_BYTES, MAX_ENTRIES
from validator.read.estate import read_estate
from validator.read.files import SourceFile
from validator.runner import run

ZONE = """$TTL 1h30m
@ 300 IN SOA ns1 hostmaster.example.com. (
        2026010101 ; serial ( not a parenthesis
        2h 1h 1w
        5m )
        IN NS ns1
        NS      ns2.example.net.
ns1     A       192.0.2.1
        AAAA    2001:DB8:0:0::1
; a comment
www 60 IN CNAME ns1
gslb    IN 120  NS g-dns-01
        120 NS  g-dns-02
$ORIGIN sub.example.com.
a       CNAME   b
text    TXT     "; no comment" "( no parenthesis"
_sip._tcp SRV   0 0 5060 ns1.example.com.
@       NS      ns1.example.com.
$ORIGIN deep
x       A       192.0.2.9
"""


def by_dnspython(text: str) -> set[tuple[str, str, str, int]]:
    zone = dns.zone.from_text(text, origin="example.com", relativize=False, check_origin=False)
    return {
        (
            name.to_text().rstrip("."),
            dns.rdatatype.to_text(data.rdtype),
            address(data.to_text()) or data.to_text().rstrip("."),
            ttl,
        )
        for name, ttl, data in zone.iterate_rdatas()
        if dns.rdatatype.to_text(data.rdtype) in zone_files.READ
    }


def by_us(text: str) -> set[tuple[str, str, str, int | None]]:
    return {(e.name.text, e.type, e.targets[0].text, e.ttl) for e in zone_files.read(text, "example.com")}


def test_a_zone_is_read_as_dnspython_reads_it() -> None:
    # dnspython makes the TTL of a record set that of its least; no set here has two.
    assert by_us(ZONE) == by_dnspython(ZONE)
    assert len(by_us(ZONE)) == 10


names = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z][a-z0-9]{0,5}){0,2}\.?", fullmatch=True).filter(
    lambda name: not name.endswith(".") or name.endswith("example.com.")
)
addresses = st.ip_addresses(v=4).map(lambda address: f"A {address}") | st.ip_addresses(v=6).map(lambda a: f"AAAA {a}")
spaces = st.sampled_from([" ", "\t", "   "])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(names, addresses | names.map(lambda name: f"NS {name}"), spaces, st.sampled_from(["", "IN "])))
)
def test_any_zone_is_read_as_dnspython_reads_it(records: list[tuple[str, str, str, str]]) -> None:
    lines = [f"{name}{space}300 {kind}{data} ; {number}" for number, (name, data, space, kind) in enumerate(records)]
    text = "\n".join(["$TTL 60", *lines, ""])
    assert by_us(text) == by_dnspython(text)


@pytest.mark.parametrize("form", ["x.zone", "x.nsupdate", "x.ps1", "unbound.conf", "dnsmasq.conf", "Corefile"])
@settings(max_examples=40, deadline=None)
@given(
    text=st.text(
        st.sampled_from("a.1:/{}()[]@$'\"\\;#=-\n\t server=forward stub-zone: name: NS A IN update add"), max_size=300
    )
)
def test_no_text_breaks_a_reader(form: str, text: str) -> None:
    documents, problems = reader.read([SourceFile(f"dns/{form}", text.encode())])
    assert len(documents) + len(problems) == 1


HOSTILE = {
    "digits": "a " + "1" * 250_000 + "! A 192.0.2.1",
    "units": "a " + "1h" * 120_000 + "! A 192.0.2.1",
    "parentheses": "(" * 500_000,
    "quotes": '"' * 500_001,
    "backslashes": "a TXT " + "\\" * 500_001,
    "lines": "\n" * 500_000,
    "braces": "{\n" * 250_000,
    "forwards": "\n".join(["a b c d e f g h {"] + [f"forward . {'192.0.2.1 ' * 40}"] * 1000),
    "many": "\n".join(f"n{number} A 192.0.2.1" for number in range(MAX_ENTRIES + 10)),
    "rows": "$Zone = 'a.example'\n$Domains = @("
    + "'a' " * 80_000
    + "\n"
    + "@{ HostName = 'h'; Address = 'x' }\n" * 5000,
    "options": "Add-DnsServerZoneDelegation " + "-a " * 120_000,
    "servers": "server=/" + "a/" * 200_000 + "192.0.2.1",
    "names": "names " * 80_000 + "{\nforward . 192.0.2.1\n}",
}


@pytest.mark.parametrize("form", ["x.zone", "x.nsupdate", "x.ps1", "unbound.conf", "dnsmasq.conf", "Corefile"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_time(form: str, name: str) -> None:
    data = HOSTILE[name].encode()
    assert MAX_BYTES / 5 < len(data) <= MAX_BYTES
    start = time.process_time()
    documents, problems = reader.read([SourceFile(f"dns/{form}", data)])
    assert len(documents) + len(problems) == 1
    assert time.process_time() - start < 8


def test_includes_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("passwd A 192.0.2.66\n", encoding="utf-8")
    text = f"$INCLUDE {secret}\n$GENERATE 1-100000000 h$ A 192.0.2.1\na A 192.0.2.1\n"
    assert by_us(f"$TTL 60\n{text}") == {("a.example.com", "A", "192.0.2.1", 60)}


def test_only_files_below_a_folder_dns_are_read() -> None:
    wanted = (
        "dns/x.zone",
        "infra/dns/db.example.com",
        "dns/windows/a.ps1",
        "dns/unbound/a.conf",
        "dns/Corefile.cluster",
    )
    others = ("x.zone", "scripts/a.ps1", "mydns/x.zone", "dns/readme.md", "dns/nginx.conf", "dns.zone", "dns/a.yaml")
    assert [path for path in (*wanted, *others) if is_form(path)] == list(wanted)


def test_links_out_of_the_repository_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.zone").write_text("a A 192.0.2.1\n", encoding="utf-8")
    root = tmp_path / "root"
    (root / "dns").mkdir(parents=True)
    (root / "a.yaml").write_text("kind: x\n", encoding="utf-8")
    (root / "dns/x.zone").symlink_to("../../outside.zone")
    (root / "dns/long.zone").write_bytes(b"; " + b"x" * MAX_BYTES)
    estate = read_estate(root)
    assert estate.dns_files == []
    assert [(item.path, item.message.split(",")[0]) for item in estate.dns_unreadable] == [
        ("dns/long.zone", "is longer than 512 KiB"),
        ("dns/x.zone", "is a link that leaves the repository"),
    ]
    report = run(root, Options(select=("DNS",), kubeconform="off"))
    assert [(one.rule, one.path) for one in report.findings] == [("DNS111", "dns/long.zone"), ("DNS111", "dns/x.zone")]


def test_an_error_says_where() -> None:
    with pytest.raises(InputError) as caught:
        list(zone_files.read("a A 192.0.2.1\n  AAAA 192.0.2.1\n", "example.com"))
    assert (caught.value.line, caught.value.column) == (2, 8)
    assert caught.value.message == "`192.0.2.1` is no IPv6 address, as the AAAA record of `a.example.com` needs"
