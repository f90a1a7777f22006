"""The files under `dns/`: what the servers that they are for say of them, and that a name is found through them."""

import ipaddress
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.zone
import pytest

from tests.template.conftest import COMBINATIONS, EXAMPLES, Files, files_of, text_of, write
from validator import runner
from validator.lifecycle.delegation import delegation
from validator.options import Options
from validator.read.estate import read_estate
from validator.read.exact import load_all
from validator.schema.kinds import LOCATION, folder

PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
SECONDS = 20
Record = tuple[str, str, str]


def changed(**values: str) -> str:
    """Return the lab with other values: `site01` and `site02` for the name servers, anything else in `gslb`."""
    text = text_of("lab")
    for site, address in (("site01", "192.168.60.53"), ("site02", "192.168.70.53")):
        if site in values:
            text = text.replace(f"address: {address}", values[site])
            text = re.sub(rf"\n +network: {{name: dns-{site}.*", "", text)
    text = text.replace("domains: [avi.nsxbaas.homelab]", f"domains: {values.get('domains', '[avi.nsxbaas.homelab]')}")
    return text.replace("parentZone: nsxbaas.homelab", f"parentZone: nsxbaas.homelab{values.get('gslb', '')}")


VARIANTS = {
    **{example: text_of(example) for example in EXAMPLES},
    "deep": changed(domains="[a.b.nsxbaas.homelab, avi.nsxbaas.homelab, eu.avi.nsxbaas.homelab]"),
    "v6": changed(site01='address: "2001:db8:60::53"', site02="address: 192.168.70.53"),
    "v6-only": changed(site01='address: "2001:DB8:60:0::53"', site02='address: "2001:db8:70::53"'),
    "outside": changed(site01="address: 192.168.60.53\n        host: ns1.dns.example", gslb="\n  delegationTTL: 60"),
    "all-outside": changed(
        site01="address: 192.168.60.53\n        host: ns1.dns.example",
        site02="address: 192.168.70.53\n        host: ns2.dns.example",
    ),
}


@pytest.fixture(params=VARIANTS)
def variant(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Files]:
    """Return what an estate declares of its delegation, and its files."""
    from validator.estate_file.declared import resolve
    from validator.estate_file.reading import problems_in

    text = VARIANTS[request.param]
    assert problems_in(text.encode(), "estate.yaml") == []
    return delegation(resolve(load_all(text.encode(), "estate.yaml")[0].value)["gslb"]), files_of(text)


def expected(declared: dict[str, Any]) -> set[Record]:
    """Return the records that the parent zone needs, worked out from the tables of the declaration alone."""
    zone = f".{declared['zone']}"
    hosts = {
        (server["host"], "AAAA" if ":" in server["address"] else "A", str(ipaddress.ip_address(server["address"])))
        for server in declared["servers"]
        if server["host"].endswith(zone)
    }
    return hosts | {(domain["name"], "NS", s["host"]) for domain in declared["domains"] for s in declared["servers"]}


def tool(name: str) -> str:
    """Return a program of BIND; a run that asks for it by ESTATE_REQUIRE_NAMED fails without it."""
    found = shutil.which(name, path=PLACES)
    if found is None:
        if os.environ.get("ESTATE_REQUIRE_NAMED"):
            pytest.fail(f"{name} is missing; install bind9 and bind9-utils")
        pytest.skip(f"{name} is missing")
    return found


def optional(name: str) -> str:
    found = shutil.which(name, path=PLACES)
    if found is None:
        pytest.skip(f"{name} is missing")
    return found


def ran(*command: str | Path, cwd: Path | None = None) -> str:
    answer = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout + answer.stderr


def only(files: Files, pattern: str) -> str:
    (path,) = [path for path in files if re.fullmatch(pattern, path)]
    return path


def parent_zone(fragment: str) -> str:
    return f"""$TTL 3600
@ IN SOA ns.parent.example. hostmaster.parent.example. 1 3600 600 86400 300
@ IN NS ns.parent.example.
www IN A 192.0.2.80
$INCLUDE "{fragment}"
"""


def test_named_loads_the_parent_zone_with_the_fragment(variant: tuple[dict[str, Any], Files], tmp_path: Path) -> None:
    declared, files = variant
    write(files, tmp_path)
    path = only(files, r"dns/bind/.*\.delegation\.zone")
    assert Path(path).name == f"{declared['zone']}.delegation.zone"
    whole, out = tmp_path / "db.parent", tmp_path / "out"
    whole.write_text(parent_zone(path), encoding="utf-8")
    said = ran(tool("named-checkzone"), "-D", "-o", out, declared["zone"], whole, cwd=tmp_path)
    assert "loaded serial 1" in said
    assert not re.search(r"warning|ignor|out of zone|below", said.replace(str(tmp_path), "")), said
    zone = dns.zone.from_file(str(out), origin=declared["zone"], relativize=False)
    found = {
        (name.to_text().rstrip("."), dns.rdatatype.to_text(data.rdtype), data.to_text().rstrip("."))
        for name, _, data in zone.iterate_rdatas()
    }
    ours = {record for record in found if record[0] != declared["zone"] and not record[0].startswith("www.")}
    assert ours == expected(declared)
    assert {ttl for name, ttl, data in zone.iterate_rdatas() if name.to_text().rstrip(".") in {r[0] for r in ours}} == {
        declared["ttl"]
    }


def test_every_form_says_the_same(variant: tuple[dict[str, Any], Files], tmp_path: Path) -> None:
    declared, files = variant
    estate = read_estate(write(files, tmp_path))
    assert estate.dns_unreadable == []
    forms = {
        file.path.split("/")[1]: {(e["name"], e["type"], str(same(t))) for e in file.value for t in e["targets"]}
        for file in estate.dns_files
    }
    wanted = expected(declared)
    names = {name["name"] for name in declared["domains"]}
    addresses = {str(ipaddress.ip_address(address)) for address in declared["addresses"]}
    assert forms["bind"] == forms["nsupdate"] == wanted
    # The script has a table of all name servers, and makes no records for those with an empty `Name`.
    assert {record for record in forms["windows"] if record[0] not in outside(declared)} == wanted
    for form in ("unbound", "dnsmasq", "coredns"):
        assert forms[form] == {(name, "FORWARD", address) for name in names for address in addresses}, form
    (endpoint,) = [tree.value for tree in load_all(files["dns/external-dns/delegation.yaml"].encode(), "x")]
    records = {
        (entry["dnsName"], entry["recordType"], str(same(target)))
        for entry in endpoint["spec"]["endpoints"]
        for target in entry["targets"]
    }
    assert records == wanted
    assert {entry["recordTTL"] for entry in endpoint["spec"]["endpoints"]} == {declared["ttl"]}


def same(text: str) -> object:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return text


def outside(declared: dict[str, Any]) -> set[str]:
    return {server["host"] for server in declared["servers"] if not server["child"]}


def test_a_name_server_inside_of_a_domain_gets_glue() -> None:
    """The check of the estate file refuses this; whoever goes past it still gets a delegation that works."""
    servers = [{"site": "a", "host": "ns.gslb.example.com", "address": "192.0.2.53"}]
    gslb = {"parentZone": "example.com", "delegationTTL": 60, "domains": ["gslb.example.com"], "nameServers": servers}
    assert delegation(gslb)["lines"] == [
        "ns.gslb.example.com. 60 IN A    192.0.2.53",
        "gslb.example.com.    60 IN NS   ns.gslb.example.com.",
    ]


def test_validate_is_content(variant: tuple[dict[str, Any], Files], tmp_path: Path) -> None:
    report = runner.run(write(variant[1], tmp_path), Options(select=("DNS", "SCH", "GIT", "YML"), kubeconform="off"))
    assert report.findings == ()
    assert report.files > len([path for path in variant[1] if path.endswith((".yaml", ".yml"))]) - 10


def test_kubeconform_takes_the_endpoint(
    kubeconform: Path, variant: tuple[dict[str, Any], Files], tmp_path: Path
) -> None:
    path = write(variant[1], tmp_path) / "dns/external-dns/delegation.yaml"
    said = ran(kubeconform, "-strict", "-summary", "-schema-location", f"{folder()}/{LOCATION}", path)
    assert "Valid: 1, Invalid: 0, Errors: 0, Skipped: 0" in said


def test_unbound_takes_its_file(variant: tuple[dict[str, Any], Files], tmp_path: Path) -> None:
    path = write(variant[1], tmp_path) / "dns/unbound/unbound-gslb.conf"
    assert "no errors" in ran(optional("unbound-checkconf"), path)


def test_dnsmasq_takes_its_file(variant: tuple[dict[str, Any], Files], tmp_path: Path) -> None:
    path = write(variant[1], tmp_path) / "dns/dnsmasq/dnsmasq-gslb.conf"
    assert "OK" in ran(optional("dnsmasq"), "--test", "-C", path)


def test_the_script_for_windows_is_whole(variant: tuple[dict[str, Any], Files]) -> None:
    text = variant[1]["dns/windows/Set-Delegation.ps1"]
    code = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
    bare = re.sub(r"'[^'\n]*'|\"(?:[^\"`\n])*\"", "", code)
    assert all(bare.count(left) == bare.count(right) for left, right in ("()", "{}", "[]"))
    assert not {"'", '"', "`"} & set(bare)
    cmdlets = set(re.findall(r"\b[A-Z][a-z]+-DnsServer\w+", code))
    assert cmdlets == {
        "Add-DnsServerResourceRecordA",
        "Add-DnsServerResourceRecordAAAA",
        "Add-DnsServerZoneDelegation",
        "Get-DnsServerResourceRecord",
        "Get-DnsServerZoneDelegation",
        "Remove-DnsServerResourceRecord",
        "Remove-DnsServerZoneDelegation",
        "Set-DnsServerZoneDelegation",
    }
    changing = [line for line in code.split("\n") if re.match(r"\s+(Add|Set|Remove)-DnsServer", line)]
    assert len(changing) == 6
    assert code.count("ShouldProcess(") == 5  # one for both kinds of addresses


@pytest.mark.parametrize("path", sorted(path for path in files_of(text_of("lab")) if path.startswith("dns/")))
def test_each_file_says_what_it_is(path: str) -> None:
    text = files_of(text_of("lab"))[path]
    if path.endswith("README.md"):
        assert text.startswith("# Delegation")
        return
    head = text[: re.search(r"^[^#;]", text, re.MULTILINE).start()]  # type: ignore[union-attr]  # there is a body
    assert "of nsxbaas-lab" in head and "Apply" in head and "Check" in head
    assert max(map(len, text.split("\n"))) <= 132


# From here on with real servers. A delegation cannot name a port: what stands for the DNS virtual services is on port 53 of
# two loopback addresses, parent and resolvers are on any port of 127.0.0.1.

ONE, TWO = "127.53.0.11", "127.53.0.12"
ANSWERS = {ONE: "192.0.2.1", TWO: "192.0.2.2"}
APP, DOMAIN, ZONE = "onlineshop.avi.nsxbaas.homelab", "avi.nsxbaas.homelab", "nsxbaas.homelab"
LOCAL = "127.0.0.1"


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        udp.bind((LOCAL, 0))
        port: int = udp.getsockname()[1]
        tcp.bind((LOCAL, port))
        return port


@contextmanager
def virtual_services(*alive: str) -> Iterator[None]:
    """Answer in place of the DNS virtual services, each with another address for the app; skip without the right to."""
    with ExitStack() as stack:
        for address in alive:
            listener = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            try:
                listener.bind((address, 53))
            except OSError as error:
                pytest.skip(f"port 53 of {address} cannot be had: {error.strerror}")
            listener.settimeout(0.1)
            ended = Event()
            thread = Thread(target=answer, args=(listener, ANSWERS[address], ended), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(ended.set)
        yield


def answer(listener: socket.socket, address: str, ended: Event) -> None:
    """Answer for the app with authority and TTL 0, with no data for its domain, and refuse all else."""
    while not ended.is_set():
        try:
            data, client = listener.recvfrom(4096)
        except TimeoutError:
            continue
        question = dns.message.from_wire(data)
        reply = dns.message.make_response(question)
        name = question.question[0].name.to_text().lower().rstrip(".")
        if name == APP and question.question[0].rdtype == dns.rdatatype.A:
            reply.flags |= dns.flags.AA
            reply.answer.append(dns.rrset.from_text(f"{APP}.", 0, "IN", "A", address))
        elif name in {APP, DOMAIN}:
            reply.flags |= dns.flags.AA
            reply.authority.append(
                dns.rrset.from_text(f"{DOMAIN}.", 5, "IN", "SOA", f"ns.{ZONE}. h.{ZONE}. 1 60 60 60 5")
            )
        else:
            reply.set_rcode(dns.rcode.REFUSED)
        listener.sendto(reply.to_wire(), client)


@contextmanager
def server(command: list[str | Path], port: int) -> Iterator[None]:
    """Run a name server until it answers, and end it."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(dns.exception.Timeout, OSError):
                dns.query.udp(dns.message.make_query(DOMAIN, "SOA"), LOCAL, port=port, timeout=0.5)
                break
        else:
            process.kill()
            pytest.fail(f"{command[0]} does not answer: {process.communicate()[0][-2000:]}")
        yield
    finally:
        process.terminate()
        try:
            process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def parent(home: Path, port: int, zone: str) -> list[str | Path]:
    """Write the configuration of the parent zone's server, which also resolves, and return its command line."""
    (home / "db.zone").write_text(zone, encoding="utf-8")
    (home / "named.conf").write_text(
        f"""options {{
  directory "{home}"; pid-file none; session-keyfile none; listen-on port {port} {{ {LOCAL}; }}; listen-on-v6 {{ none; }};
  notify no; dnssec-validation no; empty-zones-enable no; recursion yes; allow-recursion {{ any; }};
}};
controls {{ }};
zone "{ZONE}" {{ type primary; file "{home}/db.zone"; allow-update {{ {LOCAL}; }}; }};
""",
        encoding="utf-8",
    )
    return [tool("named"), "-g", "-n", "1", "-c", home / "named.conf"]


def loopback() -> Files:
    return files_of(changed(site01=f"address: {ONE}", site02=f"address: {TWO}"))


def asked(port: int) -> set[str]:
    """Return the addresses that a resolver gives for the app, after a few tries: one of its servers may be dead."""
    for _ in range(10):
        with suppress(dns.exception.Timeout, OSError):
            reply = dns.query.udp(dns.message.make_query(APP, "A"), LOCAL, port=port, timeout=3)
            if reply.rcode() == dns.rcode.NOERROR and reply.answer:
                return {data.address for data in reply.answer[-1] if data.rdtype == dns.rdatatype.A}
    return set()


def referred(port: int) -> tuple[set[str], set[str]]:
    """Return the name servers that the parent refers to, and their addresses as it knows them."""
    hosts = {data.target.to_text() for rrset in told(port, DOMAIN, "NS").authority for data in rrset}
    addresses = {data.address for host in hosts for rrset in told(port, host, "A").answer for data in rrset}
    return {host.rstrip(".") for host in hosts}, addresses


def told(port: int, name: str, type: str) -> dns.message.Message:
    question = dns.message.make_query(name, type)
    question.flags = 0
    return dns.query.udp(question, LOCAL, port=port, timeout=5)


HOSTS = {f"g-dns-vs-site01.{ZONE}", f"g-dns-vs-site02.{ZONE}"}
BOTH_OR_ONE = pytest.mark.parametrize("alive", [(ONE, TWO), (TWO,)], ids=["both", "one-dead"])


@pytest.mark.slow
@BOTH_OR_ONE
def test_the_fragment_leads_to_the_name(alive: tuple[str, ...], tmp_path: Path) -> None:
    files, port = loopback(), free_port()
    fragment = write(files, tmp_path / "estate") / only(files, r"dns/bind/.*")
    with virtual_services(*alive), server(parent(tmp_path, port, parent_zone(str(fragment))), port):
        assert referred(port) == (HOSTS, {ONE, TWO})
        found = asked(port)
        assert found
        assert found <= {ANSWERS[address] for address in alive}


@pytest.mark.slow
def test_the_update_makes_the_same_delegation_twice(tmp_path: Path) -> None:
    update, port = optional("nsupdate"), free_port()
    path = write(loopback(), tmp_path / "estate") / "dns/nsupdate/delegation.nsupdate"
    zone = (
        parent_zone("").rpartition("$INCLUDE")[0] + f"avi IN NS old\nold IN A 192.0.2.99\ng-dns-vs-site01 IN A {TWO}\n"
    )
    with virtual_services(ONE, TWO), server(parent(tmp_path, port, zone), port):
        script = tmp_path / "script"
        script.write_text(f"server {LOCAL} {port}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
        for _ in range(2):
            ran(update, script)
            assert referred(port) == (HOSTS, {ONE, TWO})
        assert asked(port) <= set(ANSWERS.values())
        assert asked(port)


def unbound(estate: Path, home: Path, port: int) -> list[str | Path]:
    (home / "unbound.conf").write_text(
        f"""server:
    interface: {LOCAL}@{port}
    access-control: 127.0.0.0/8 allow
    do-not-query-localhost: no
    username: ""
    chroot: ""
    pidfile: ""
    directory: "{home}"
    use-syslog: no
    private-address: 192.0.2.0/24
    module-config: "iterator"
    include: "{estate}/dns/unbound/unbound-gslb.conf"
""",
        encoding="utf-8",
    )
    return [optional("unbound"), "-d", "-c", home / "unbound.conf"]


def dnsmasq(estate: Path, home: Path, port: int) -> list[str | Path]:
    listen = ["-p", str(port), "--listen-address", LOCAL, "--bind-interfaces", "--no-resolv", "--no-hosts"]
    own = ["--stop-dns-rebind", "--user=", "--pid-file="]
    return [optional("dnsmasq"), "-k", "-C", estate / "dns/dnsmasq/dnsmasq-gslb.conf", *listen, *own]


def coredns(estate: Path, home: Path, port: int) -> list[str | Path]:
    text = (estate / "dns/coredns/Corefile").read_text(encoding="utf-8")
    text = text.replace(":53 {\n", f":{port} {{\n    bind {LOCAL}\n")
    (home / "Corefile").write_text(text, encoding="utf-8")
    return [optional("coredns"), "-conf", home / "Corefile"]


@pytest.mark.slow
@BOTH_OR_ONE
@pytest.mark.parametrize("resolver", [unbound, dnsmasq, coredns], ids=lambda one: one.__name__)
def test_a_resolver_finds_the_name(
    resolver: Callable[[Path, Path, int], list[str | Path]], alive: tuple[str, ...], tmp_path: Path
) -> None:
    port = free_port()
    command = resolver(write(loopback(), tmp_path / "estate"), tmp_path, port)
    with virtual_services(*alive), server(command, port):
        found = asked(port)
        assert found
        assert found <= {ANSWERS[address] for address in alive}


def test_combinations_have_the_files() -> None:
    for combination in COMBINATIONS[::5]:
        assert len([path for path in files_of(text_of(*combination)) if path.startswith("dns/")]) == 8
