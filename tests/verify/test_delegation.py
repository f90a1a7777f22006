"""The delegation at the parent, asked of real name servers."""

from pathlib import Path

import pytest

from tests.command import Data, Result
from tests.verify.estates import HOST, HOSTS, VIP1, VIP2, lab, verify, verify_apart, write
from tests.verify.named import DOMAIN, PARENT, Named, Zone, answers, delegation

BOTH = answers(onlineshop=[VIP1, VIP2])


class Lab:
    """The lab with a parent zone and two name servers, of which a test says what they serve."""

    def __init__(self, named: Named, net: str, folder: Path) -> None:
        self.named = named
        self.parent, self.first, self.second = f"{net}.10", f"{net}.11", f"{net}.12"
        self.data: Data = lab(self.first, self.second)
        self.folder = folder

    @property
    def hosts(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return (HOSTS[0], self.first), (HOSTS[1], self.second)

    def serve(self, parent: str, first: str | None = BOTH, second: str | None = BOTH) -> None:
        self.named.start(self.parent, Zone(PARENT, parent))
        for address, records in ((self.first, first), (self.second, second)):
            if records is not None:
                self.named.start(address, Zone(DOMAIN, records))

    def verify(self, *options: str, format: str | None = "json", apart: bool = False) -> Result:
        port = str(self.named.port)
        at = ("--parent-server", f"{self.parent}:{port}", "--dns-port", port, "--pause", "0", "--wait", "3")
        run = verify_apart if apart else verify
        return run(write(self.folder, self.data), *at, *options, format=format)


@pytest.fixture
def estate(named: Named, net: str, tmp_path: Path) -> Lab:
    return Lab(named, net, tmp_path)


def test_a_healthy_estate_is_clean_and_the_report_says_how_much_was_asked(estate: Lab) -> None:
    estate.serve(delegation(*estate.hosts))
    result = estate.verify(format="text", apart=True)
    # NS, A and AAAA of both name servers; per name server the name and the SOA by UDP and TCP, and 5 more samples
    assert (result.code, result.out) == (0, "no findings in 23 questions, 23 answered\n"), result


def test_two_runs_give_the_same_bytes(estate: Lab) -> None:
    estate.serve(delegation((HOSTS[0], estate.second), ("ns.elsewhere.example", "")), second=None)
    first, second = estate.verify(), estate.verify()
    assert first.findings
    assert first.out == second.out


def test_a_name_server_too_few_and_one_too_many(estate: Lab) -> None:
    other = "g-dns-vs-old.nsxbaas.homelab"
    estate.serve(delegation((HOSTS[0], estate.first), (other, f"{estate.parent}")))
    result = estate.verify()
    assert (result.code, result.ids) == (1, ["VER101", "VER106"])
    message = result.message("VER101")
    assert f"without `{HOSTS[1]}` and with `{other}`" in message
    # the parent's own server is asked for the domain as a stranger, and points elsewhere
    assert (
        f"`{DOMAIN}` is delegated to `{estate.parent}:{estate.named.port}`, which points elsewhere"
        in result.message("VER106")
    )
    domain = next(one for one in result.findings if one["rule"] == "VER101")
    assert (domain["path"], domain["site"]) == (str(estate.folder / "estate.yaml"), None)
    lines = (estate.folder / "estate.yaml").read_text().splitlines()
    assert lines[domain["line"] - 1][domain["column"] - 1 :] == DOMAIN


def test_a_domain_that_is_not_delegated(estate: Lab) -> None:
    estate.serve("@ IN NS ns\nns IN A 127.0.0.1")
    result = estate.verify()
    assert (result.code, result.ids) == (1, ["VER102"])
    assert "says that it does not exist" in result.message("VER102")


def test_a_domain_with_records_of_its_own_in_the_parent_zone(estate: Lab) -> None:
    estate.serve(f"@ IN NS ns\nns IN A 127.0.0.1\n{DOMAIN}. IN A 192.0.2.1")
    assert "gives no NS record for it" in estate.verify().message("VER102")


def test_an_address_that_is_not_the_name_servers(estate: Lab) -> None:
    estate.serve(delegation((HOSTS[0], estate.first), (HOSTS[1], estate.first)))
    result = estate.verify()
    assert (result.code, result.ids) == (1, ["VER103"])
    assert f"has `{estate.first}`" in result.message("VER103")
    assert f"the estate file says `{estate.second}`" in result.message("VER103")


def test_a_second_address_beside_the_right_one(estate: Lab) -> None:
    records = delegation(*estate.hosts) + f"\n{HOSTS[1]}. IN A {estate.first}"
    estate.serve(records)
    assert estate.verify().ids == ["VER103"]


def test_an_address_of_the_other_family_beside_the_right_one(estate: Lab) -> None:
    estate.serve(delegation(*estate.hosts) + f"\n{HOSTS[1]}. IN AAAA 2001:db8::53")
    result = estate.verify()
    assert (result.code, result.ids) == (0, ["VER103"])
    assert result.findings[0]["severity"] == "warning"


def test_a_name_server_without_an_address(estate: Lab) -> None:
    estate.serve(delegation((HOSTS[0], estate.first), (HOSTS[1], "")))
    result = estate.verify()
    assert (result.code, result.ids) == (1, ["VER104"]), result
    assert f"`{HOSTS[1]}` has no address" in result.message("VER104")


def test_a_name_server_that_is_an_alias(estate: Lab) -> None:
    records = delegation((HOSTS[0], estate.first), (HOSTS[1], "")) + f"\n{HOSTS[1]}. IN CNAME ns.{PARENT}."
    estate.serve(records)
    result = estate.verify()
    assert (result.code, result.ids) == (1, ["VER105"]), result
    assert f"is an alias of `ns.{PARENT}`" in result.message("VER105")


def test_a_server_of_both_zones_gives_the_name_servers_in_the_answer(estate: Lab) -> None:
    estate.named.start(estate.parent, Zone(PARENT, delegation(*estate.hosts)), Zone(DOMAIN, BOTH))
    for address in (estate.first, estate.second):
        estate.named.start(address, Zone(DOMAIN, BOTH))
    assert (estate.verify().code, estate.verify().ids) == (0, [])


def test_a_server_of_both_zones_with_other_name_servers_in_the_answer(estate: Lab) -> None:
    wrong = f"@ IN NS {HOSTS[0]}.\nonlineshop IN A {VIP1}"
    estate.named.start(estate.parent, Zone(PARENT, delegation(*estate.hosts)), Zone(DOMAIN, wrong))
    for address in (estate.first, estate.second):
        estate.named.start(address, Zone(DOMAIN, BOTH))
    assert estate.verify().ids == ["VER101"]


def test_one_server_of_the_parent_zone_lags_behind(estate: Lab, net: str) -> None:
    estate.serve(delegation(*estate.hosts))
    estate.named.start(f"{net}.13", Zone(PARENT, delegation(estate.hosts[0])))
    result = estate.verify("--parent-server", f"{net}.13:{estate.named.port}")
    assert result.ids == ["VER101"]
    assert f"by `{net}.13:{estate.named.port}`;" in result.message("VER101")


def test_a_parent_that_refuses_tells_nothing(estate: Lab) -> None:
    estate.serve(delegation(*estate.hosts))
    estate.parent = estate.first  # a server of the domain, which answers for it as a server of both zones would
    own = estate.verify()
    assert own.ids == ["VER107", "VER107"]
    assert f"nobody who was asked knows the address of name server `{HOSTS[0]}`" in own.findings[0]["message"]
    estate.parent = f"{estate.parent.rpartition('.')[0]}.14"
    estate.named.start(estate.parent, Zone("example", "@ IN NS ns\nns IN A 127.0.0.1"))
    result = estate.verify()
    assert (result.code, result.ids) == (0, ["VER107"])
    assert result.findings[0]["severity"] == "unverifiable"
    assert "answers REFUSED" in result.message("VER107")
    assert estate.verify("--fail-on", "unverifiable").code == 1


def test_the_servers_of_the_parent_zone_by_way_of_a_resolver(estate: Lab, net: str) -> None:
    """Without --parent-server the resolver is asked for them, and names are sampled through it."""
    resolver = f"{net}.53"
    records = delegation(*estate.hosts).replace("ns IN A 127.0.0.1", f"ns IN A {estate.parent}")
    estate.serve(records)
    estate.named.start(resolver, forward={PARENT: [estate.parent], DOMAIN: [estate.first, estate.second]})
    port = str(estate.named.port)
    options = ("--resolver", f"{resolver}:{port}", "--dns-port", port, "--pause", "0", "--wait", "2")
    result = verify(write(estate.folder, estate.data), *options)
    assert (result.code, result.ids) == (0, []), result
    estate.data["apps"][0]["host"] = f"shop.{DOMAIN}"
    missing = verify(write(estate.folder, estate.data), *options)
    assert missing.ids == ["VER203", "VER203", "VER213"]
    assert f"resolver {resolver}:{port} says that `shop.{DOMAIN}` does not exist" in missing.message("VER213")


def test_a_resolver_that_does_not_know_the_parent_zone(estate: Lab) -> None:
    estate.serve(delegation(*estate.hosts))
    port = str(estate.named.port)
    options = ("--resolver", f"{estate.first}:{port}", "--dns-port", port, "--pause", "0", "--wait", "1")
    result = verify(write(estate.folder, estate.data), *options)
    assert "VER107" in result.ids
    assert "no server of `nsxbaas.homelab` could be asked" in result.message("VER107")


def test_only_one_site(estate: Lab) -> None:
    estate.serve(delegation((HOSTS[0], estate.first), (HOSTS[1], estate.first)), second=None)
    assert estate.verify("--site", "site01").ids == []
    assert estate.verify("--site", "site02").ids == ["VER103", "VER201"]


def test_a_dead_name_server(estate: Lab) -> None:
    estate.serve(delegation(*estate.hosts), second=None)
    result = estate.verify()
    assert (result.code, result.ids) == (1, ["VER201"])
    assert f"`{HOSTS[1]}` at `{estate.second}:{estate.named.port}` does not listen" in result.message("VER201")
    assert result.findings[0]["site"] == "site02"


def test_a_lame_name_server(estate: Lab) -> None:
    estate.serve(delegation(*estate.hosts), second=None)
    estate.named.start(estate.second, Zone("example", "@ IN NS ns\nns IN A 127.0.0.1"))
    result = estate.verify()
    assert (result.code, result.ids) == (1, ["VER106"])
    assert f"does not serve `{DOMAIN}`: it answers REFUSED" in result.message("VER106")


def test_a_stale_answer(estate: Lab) -> None:
    estate.serve(delegation(*estate.hosts), second=answers(onlineshop=[VIP1, VIP2, "192.168.99.9"]))
    result = estate.verify()
    assert (result.code, result.ids) == (1, ["VER205"])
    message = result.message("VER205")
    assert f"`{HOST}` is answered with `192.168.99.9` by `{HOSTS[1]}`, which no member has" in message


def test_an_answer_that_is_cut_off_is_asked_for_by_tcp(estate: Lab) -> None:
    many = answers(onlineshop=[f"192.168.61.{n}" for n in range(1, 91)] + [VIP2])
    estate.named.start(estate.parent, Zone(PARENT, delegation(*estate.hosts)))
    for address in (estate.first, estate.second):
        estate.named.start(address, Zone(DOMAIN, many), udp=512, options="minimal-responses yes;")
    assert (estate.verify().code, estate.verify().ids) == (0, [])
