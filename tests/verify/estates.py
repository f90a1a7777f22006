"""Estate files for the live check, and the command itself: here, where loading the Kubernetes client costs once, or apart."""

import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.command import Data, Result, estate

ROOT = Path(__file__).parents[2]
HOST = "onlineshop.avi.nsxbaas.homelab"
VIP1, VIP2 = "192.168.61.10", "192.168.71.10"
HOSTS = ("g-dns-vs-site01.nsxbaas.homelab", "g-dns-vs-site02.nsxbaas.homelab")
LONGEST = 60


def lab(first: str, second: str) -> Data:
    """Return the two-site lab with the addresses of its two DNS virtual services."""
    data: Data = yaml.safe_load((ROOT / "examples/lab.yaml").read_text())
    for site, address in zip(data["sites"], (first, second), strict=True):
        site["avi"]["dns"] = {**site["avi"]["dns"], "address": address}
        del site["avi"]["dns"]["network"]
    return data


def with_app(data: Data, name: str, **changes: Any) -> Data:
    """Return an estate with one more app, like the first."""
    found = copy.deepcopy(data)
    app = {**copy.deepcopy(found["apps"][0]), "name": name, "host": f"{name}.avi.nsxbaas.homelab", "namespace": name}
    found["apps"].append({**app, **changes})
    return found


def verify(place: Path | str, *options: str, format: str | None = "json") -> Result:
    """Run `estate verify` in this process; only loopback can be reached (see conftest.py)."""
    return estate("verify", place, *options, *(["--format", format] if format else []))


def verify_apart(place: Path | str, *options: str, format: str | None = "json", cwd: Path | None = None) -> Result:
    """Run `estate verify` in a process of its own; it must end by itself, and never with a traceback."""
    environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    command = [sys.executable, "-m", "validator", "verify", str(place), *options]
    command += ["--format", format] if format else []
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=LONGEST, check=False, env=environment, cwd=cwd,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr, ran.stderr
    return Result(ran.returncode, ran.stdout, ran.stderr)


def write(folder: Path, data: Data) -> Path:
    path = folder / "estate.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    return path
