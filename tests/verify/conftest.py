"""Loopback networks of one's own: every test has addresses that no other one listens on."""

import _socket
import ipaddress
import itertools
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.verify import named as nameds
from tests.verify.named import Named
from tests.verify.player import Player, Script

_COUNT = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def _loopback() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux gives all of 127.0.0.0/8 to the loopback device")


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this folder's tests open connections from this process, to loopback and to nothing else."""

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        if self.family != socket.AF_UNIX and not ipaddress.ip_address(address[0]).is_loopback:
            pytest.fail(f"a test opened a connection to {address!r}")
        _socket.socket.connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="session")
def port() -> int:
    """Return the port on which all name servers of the tests listen, each on an address of its own."""
    return nameds.free_port()


@pytest.fixture
def net() -> str:
    """Return the first three parts of 254 loopback addresses that are this test's."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"127.{20 + worker}.{next(_COUNT) % 250}"


@pytest.fixture(scope="session")
def named_binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return nameds.binary(tmp_path_factory.mktemp("named"))


@pytest.fixture
def named(named_binary: Path, tmp_path: Path, port: int) -> Iterator[Named]:
    folder = tmp_path / "named"
    folder.mkdir()
    yield from nameds.running(named_binary, folder, port)


@pytest.fixture
def play(port: int) -> Iterator[Callable[..., Player]]:
    """Return a function that starts a name server with a script; all are stopped at the end."""
    players: list[Player] = []

    def start(address: str, script: Script, *, tcp: bool = True) -> Player:
        player = Player(address, port, script, tcp=tcp)
        player.start()
        players.append(player)
        return player

    yield start
    for player in players:
        player.stop()
