"""BIND's named on loopback, one process for each address: parent zones, name servers of a domain, resolvers.

Each listens on 127.0.0.1 on a port of its own, and a relay gives it its address (see relay.py).
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PARENT, DOMAIN = "nsxbaas.homelab", "avi.nsxbaas.homelab"
CONFIG = """
options {{
    directory "{folder}";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    pid-file none;
    session-keyfile none;
    managed-keys-directory "{folder}";
    dnssec-validation no;
    recursion {recursion};
    allow-query {{ any; }};
    allow-recursion {{ any; }};
    empty-zones-enable no;
    max-udp-size {udp};
    {options}
}};
controls {{ }};
{zones}
"""


@dataclass(frozen=True)
class Zone:
    """A zone that a named serves; `records` are lines of a zone file, under a `$TTL` of a minute."""

    name: str
    records: str


@dataclass
class Named:
    """Starts nameds on one port, and ends them."""

    binary: Path
    folder: Path
    port: int
    ports: dict[str, int] = field(default_factory=dict)
    """The port on 127.0.0.1 behind each address."""
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(
        self,
        address: str,
        *zones: Zone,
        udp: int = 1232,
        options: str = "",
        forward: Mapping[str, list[str]] | None = None,
    ) -> None:
        folder = self.folder / address
        folder.mkdir()
        port = self.ports[address] = free_port()
        blocks = []
        for zone in zones:
            soa = f"$TTL 60\n@ IN SOA ns.{PARENT}. hostmaster.{PARENT}. 1 3600 600 86400 30\n"
            (folder / f"{zone.name}.zone").write_text(f"{soa}{zone.records}\n")
            blocks.append(
                f'zone "{zone.name}" {{ type primary; file "{zone.name}.zone"; '
                "check-integrity no; check-names ignore; check-sibling no; };"
            )
        for name, servers in (forward or {}).items():
            to = " ".join(f"127.0.0.1 port {self.ports[server]};" for server in servers)
            blocks.append(f'zone "{name}" {{ type forward; forward only; forwarders {{ {to} }}; }};')
        recursion = "yes" if forward else "no"
        text = CONFIG.format(
            folder=folder, port=port, recursion=recursion, udp=udp, options=options, zones="\n".join(blocks)
        )  # fmt: skip
        (folder / "named.conf").write_text(text)
        log = (folder / "log").open("wb")
        command = [str(self.binary), "-g", "-n", "1", "-c", str(folder / "named.conf")]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        self._running.append(process)
        for _ in range(200):
            lines = (folder / "log").read_text(errors="replace")
            if " running\n" in lines:
                self._relay(address, port)
                return
            if process.poll() is not None:
                break
            time.sleep(0.05)
        pytest.fail(f"named did not start:\n{(folder / 'log').read_text(errors='replace')[-2000:]}")

    def _relay(self, address: str, target: int) -> None:
        command = [sys.executable, str(Path(__file__).with_name("relay.py")), address, str(self.port), str(target)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self._running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.stdout.close()

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            if process.poll() is None:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a high port of 127.0.0.1 that is free for UDP and TCP."""
    with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        stream.bind(("127.0.0.1", 0))
        found: int = stream.getsockname()[1]
        datagrams.bind(("127.0.0.1", found))
        return found


def binary(folder: Path) -> Path:
    """Return a named to run; a run that asks for it by ESTATE_REQUIRE_NAMED fails without one.

    It is a copy: where AppArmor confines /usr/sbin/named, that one could not read what a test writes.
    """
    found = shutil.which("named", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is not None:
        return Path(shutil.copy(found, folder / "named"))
    if os.environ.get("ESTATE_REQUIRE_NAMED"):
        pytest.fail("named is missing; install bind9")
    pytest.skip("named is missing; install bind9")


def delegation(*hosts: tuple[str, str], domain: str = DOMAIN) -> str:
    """Return the records of a parent zone that delegates a domain to hosts with addresses."""
    lines = ["@ IN NS ns", "ns IN A 127.0.0.1"]
    lines += [f"{domain}. IN NS {host}." for host, _ in hosts]
    lines += [f"{host}. IN A {address}" for host, address in hosts if address]
    return "\n".join(lines)


def answers(**addresses: list[str]) -> str:
    """Return the records of a delegated domain: addresses by the first label of a name."""
    lines = ["@ IN NS g-dns-vs-site01.nsxbaas.homelab.", "@ IN NS g-dns-vs-site02.nsxbaas.homelab."]
    lines += [f"{label} IN A {address}" for label, found in addresses.items() for address in found]
    return "\n".join(lines)


def running(binary_path: Path, folder: Path, port: int) -> Iterator[Named]:
    servers = Named(binary_path, folder, port)
    try:
        yield servers
    finally:
        servers.stop()
