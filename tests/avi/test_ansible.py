"""Ansible with the real collection, against controllers on loopback.

Needs `ansible-playbook` on the PATH with the collection `vmware.alb` where it looks for collections, and `requests` in its
environment; without them it is skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.avi.conftest import ADMIN, at_loopback
from tests.avi.controller import Controller
from tests.avi.test_rendered import estate_text
from tests.template.conftest import files_of, write

TOOL = shutil.which("ansible-playbook")
GSLB, WRONG = "gslb-S3cret", "wrong-S3cret"


@cache
def has_collection() -> bool:
    listing = shutil.which("ansible-galaxy")
    if TOOL is None or listing is None:
        return False
    command = [listing, "collection", "list", "vmware.alb"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return found.returncode == 0 and "vmware.alb" in found.stdout


pytestmark = [pytest.mark.slow, pytest.mark.skipif(TOOL is None, reason="ansible-playbook is not on the PATH")]
needs_collection = pytest.mark.skipif(not has_collection(), reason="the collection vmware.alb is not installed")


class Playbook:
    def __init__(self, repository: Path, certificate: Path) -> None:
        self.folder = repository
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "ANSIBLE_COLLECTIONS_PATH"}}
        self.environment = {
            **kept,
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_NOCOLOR": "1",
            "REQUESTS_CA_BUNDLE": str(certificate),
            "GSLB_PASSWORD": GSLB,
            **{f"AVI_{site.upper()}_PASSWORD": password for site, password in ADMIN.items()},
        }

    def run(self, *arguments: str, code: int = 0) -> str:
        command = [str(TOOL), "-i", "avi/ansible/inventory.yml", "-e", "dns_delay=1", "avi/ansible/gslb.yml", "-v"]
        command += arguments
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        told = done.stdout + done.stderr
        assert done.returncode == code, told
        assert not [word for word in (GSLB, *ADMIN.values()) if word in told], "a password is told"
        assert "sessionid" not in told and "csrftoken" not in told, "a session is told"
        return told


def changed(told: str) -> dict[str, int]:
    return {site: int(count) for site, count in re.findall(r"(?m)^(site\d+) +: .*changed=(\d+)", told)}


@pytest.fixture
def playbook(tmp_path: Path, controllers: dict[str, Controller], certificate: Path) -> Playbook:
    folder = write(files_of(estate_text("lab", "ansible")), tmp_path / "estate")
    at_loopback(folder, controllers)
    return Playbook(folder, certificate)


@needs_collection
def test_syntax(playbook: Playbook) -> None:
    playbook.run("--syntax-check")


@needs_collection
def test_makes_everything_in_order(playbook: Playbook, controllers: dict[str, Controller]) -> None:
    told = playbook.run()
    leader, follower = controllers["site01"], controllers["site02"]
    for site, controller in controllers.items():
        service = controller.only("virtualservice", f"g-dns-vs-{site}")
        tcp = controller.only("networkprofile", "System-TCP-Proxy")["url"]
        assert [item.get("override_network_profile_ref", "") for item in service["services"]] == ["", tcp]
        (vip,) = controller.only("vsvip", f"g-dns-vs-{site}-vsvip")["vip"]
        assert vip["ip_address"]["addr"] == {"site01": "192.168.60.53", "site02": "192.168.70.53"}[site]
        assert vip["placement_networks"][0]["network_ref"] == controller.only("network", f"dns-{site}")["url"]
        assert controller.accounts["gslb-admin"] == GSLB
    gslb = leader.only("gslb", "GSLB")
    assert follower.writes("gslb") == []
    assert [site["name"] for site in gslb["sites"]] == ["site01", "site02"]
    assert [site["cluster_uuid"] for site in gslb["sites"]] == [leader.uuid, follower.uuid]
    assert gslb["sites"][1]["dns_vses"][0]["dns_vs_uuid"] == follower.only("virtualservice", "g-dns-vs-site02")["uuid"]
    assert "OPER_UP" in told
    order = [path.split("/")[0] for method, path, _ in leader.calls if method == "POST"]
    assert order.index("serviceenginegroup") < order.index("virtualservice")
    assert order.index("gslbsiteops") < order.index("gslb") == len(order) - 1
    again = playbook.run()
    assert changed(again) == {"site01": 2, "site02": 1}, "accounts and GSLB, whose passwords no controller gives back"
    assert [method for method, _ in leader.writes("gslb")] == ["POST", "PUT"]
    assert [method for method, _ in follower.writes("virtualservice")] == ["POST"]


@needs_collection
def test_what_a_controller_answers_is_told(playbook: Playbook, controllers: dict[str, Controller]) -> None:
    controllers["site01"].add("gslb", {"name": "Another", "sites": []})
    controllers["site01"].add("gslb", {"name": "And another", "sites": []})
    told = playbook.run(code=2)
    assert "Error 400" in told and "there is a GSLB configuration" in told


@needs_collection
def test_a_virtual_service_that_stays_down_stops_the_run(
    playbook: Playbook, controllers: dict[str, Controller]
) -> None:
    controllers["site02"].starting = 99
    told = playbook.run("-e", "dns_retries=1", "-e", "dns_delay=0", code=2)
    assert "g-dns-vs-site02 is OPER_INITIALIZING" in told
    assert controllers["site01"].writes("gslb") == []


@needs_collection
def test_a_wrong_password_is_told(playbook: Playbook, controllers: dict[str, Controller]) -> None:
    playbook.environment["AVI_SITE02_PASSWORD"] = WRONG
    told = playbook.run(code=2)
    assert WRONG not in told
    assert "check address, user name and password" in told
    assert controllers["site01"].writes("virtualservice") == []


@needs_collection
def test_a_network_that_is_not_there_is_told(playbook: Playbook, controllers: dict[str, Controller]) -> None:
    controllers["site01"].objects.pop("network")
    told = playbook.run(code=2)
    assert "0 networks for /api/network?name=dns-site01" in told


@needs_collection
def test_a_follower_that_is_another_controller_is_refused(
    playbook: Playbook, controllers: dict[str, Controller]
) -> None:
    path = playbook.folder / "avi/gslb.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    first, second = data["gslb"]["sites"]
    second["ip_addresses"] = first["ip_addresses"]
    path.write_text(json.dumps(data), encoding="utf-8")
    told = playbook.run(code=2)
    assert "site02: its addresses are another controller's" in told
    assert controllers["site01"].writes("gslb") == []


@needs_collection
def test_a_site_left_out_stops_the_run(playbook: Playbook, controllers: dict[str, Controller]) -> None:
    told = playbook.run("--limit", "site01", code=2)
    assert "run it for all sites, site02 too" in told
    assert controllers["site01"].writes("virtualservice") == []


@needs_collection
def test_a_missing_password_stops_the_run(playbook: Playbook, controllers: dict[str, Controller]) -> None:
    del playbook.environment["AVI_SITE02_PASSWORD"]
    told = playbook.run(code=2)
    assert "AVI_SITE02_PASSWORD" in told
    assert controllers["site01"].calls == []
