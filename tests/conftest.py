"""What every test gets: an empty home, no network, a plain environment."""

import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from validator.kubeconform import find

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # a busy machine is no fault of what is tested

CHANGES_BEHAVIOUR = (
    "COOKIECUTTER_CONFIG",
    "ESTATE_FILE",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "NO_COLOR",
    "PYTHONPATH",
)


@pytest.fixture(scope="session", autouse=True)
def plain_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's configuration out, and what cookiecutter records out of the user's home."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("HOME", str(home))
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            patch.delenv(name, raising=False)
        for name in CHANGES_BEHAVIOUR:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Fail a test that opens a connection from this process."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            pytest.fail(f"a test opened a connection to {address!r}")
        connect(self, address)  # type: ignore[arg-type]  # the address of a unix socket

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield


@pytest.fixture(autouse=True)
def long_lived(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what suits the command's one short run alone: it turns the collector off, and ends its process at once."""
    monkeypatch.setattr("validator.cli.DONE", frozenset())
    yield
    gc.enable()


@pytest.fixture(scope="session")
def kubeconform() -> Path:
    """Return the real kubeconform; a run that asks for it by ESTATE_REQUIRE_KUBECONFORM fails without it."""
    if found := find():
        return found
    if os.environ.get("ESTATE_REQUIRE_KUBECONFORM"):
        pytest.fail("kubeconform is missing; run `make tools`")
    pytest.skip("kubeconform is missing; `make tools` installs it")
