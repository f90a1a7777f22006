"""Terraform with the real provider, against controllers on loopback.

Needs `terraform` or `tofu` on the PATH, and in `ESTATE_AVI_PROVIDER` a folder with the program `terraform-provider-avi`,
built from vmware/terraform-provider-avi; without them it is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.avi.conftest import ADMIN, at_loopback
from tests.avi.controller import Controller
from tests.avi.test_rendered import estate_text
from tests.template.conftest import files_of, write

TOOL = shutil.which("terraform") or shutil.which("tofu")
PROVIDER = os.environ.get("ESTATE_AVI_PROVIDER", "")
GSLB, ANOTHER = "gslb-S3cret", "gslb-S3cret-too"
SUPPRESSED = {"AVI_SUPPRESS_SENSITIVE_FIELDS_DIFF": "true"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(TOOL is None, reason="neither terraform nor tofu is on the PATH"),
    pytest.mark.skipif(not PROVIDER, reason="ESTATE_AVI_PROVIDER names no folder with terraform-provider-avi"),
]


class Terraform:
    def __init__(self, repository: Path, room: Path) -> None:
        self.folder = repository / "avi/terraform"
        settings = room / "terraform.rc"
        overrides = f'    "{{}}" = "{PROVIDER}"\n'
        names = ("registry.terraform.io/vmware/avi", "registry.opentofu.org/vmware/avi")
        listed = "".join(overrides.format(name) for name in names)
        settings.write_text(f"provider_installation {{\n  dev_overrides {{\n{listed}  }}\n  direct {{}}\n}}\n")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(room),
            "TF_CLI_CONFIG_FILE": str(settings),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "TF_VAR_gslb_password": GSLB,
            **{f"TF_VAR_{site}_username": "admin" for site in ADMIN},
            **{f"TF_VAR_{site}_password": password for site, password in ADMIN.items()},
        }
        # The overridden provider is not looked for, but the modules are linked.
        self.run("get")

    def run(self, *arguments: str, code: int = 0, more: dict[str, str] | None = None) -> str:
        command = [str(TOOL), *arguments, *(["-no-color"] if arguments[0] != "version" else [])]
        environment = {**self.environment, **(more or {})}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        told = done.stdout + done.stderr
        assert done.returncode == code, told
        assert not [word for word in (GSLB, *ADMIN.values()) if word in told], "a password is told"
        return told

    def apply(self, more: dict[str, str] | None = None) -> str:
        return self.run("apply", "-auto-approve", "-input=false", more=more)

    def differs(self) -> bool:
        """Say whether anything differs that a controller gives back."""
        told = self.run("plan", "-input=false", more=SUPPRESSED)
        return "No changes." not in told


@pytest.fixture
def repository(tmp_path: Path, controllers: dict[str, Controller]) -> Path:
    folder = write(files_of(estate_text("lab", "terraform")), tmp_path / "estate")
    at_loopback(folder, controllers)
    return folder


@pytest.fixture
def terraform(repository: Path, tmp_path: Path) -> Terraform:
    return Terraform(repository, tmp_path)


def test_makes_everything_once_and_in_order(terraform: Terraform, controllers: dict[str, Controller]) -> None:
    terraform.run("validate")
    terraform.apply()
    leader, follower = controllers["site01"], controllers["site02"]
    for site, controller in controllers.items():
        service = controller.only("virtualservice", f"g-dns-vs-{site}")
        assert service["se_group_ref"] == controller.only("serviceenginegroup", "g-dns-seg")["url"]
        assert service["application_profile_ref"] == controller.only("applicationprofile", "g-dns-app-profile")["url"]
        tcp = controller.only("networkprofile", "System-TCP-Proxy")["url"]
        assert [item.get("override_network_profile_ref", "") for item in service["services"]] == ["", tcp]
        assert [(item["port"], item["port_range_end"]) for item in service["services"]] == [(53, 53)] * 2
        (vip,) = controller.only("vsvip", f"g-dns-vs-{site}-vsvip")["vip"]
        assert vip["ip_address"]["addr"] == {"site01": "192.168.60.53", "site02": "192.168.70.53"}[site]
        assert vip["placement_networks"][0]["network_ref"] == controller.only("network", f"dns-{site}")["url"]
        assert controller.accounts["gslb-admin"] == GSLB
        profile = controller.only("applicationprofile", "g-dns-app-profile")["dns_service_profile"]
        assert profile["error_response"] == "DNS_ERROR_RESPONSE_ERROR"
        assert [zone["domain_name"] for zone in profile["dns_zones"]] == ["avi.nsxbaas.homelab"]
    gslb = leader.only("gslb", "GSLB")
    assert follower.writes("gslb") == []
    assert gslb["leader_cluster_uuid"] == leader.uuid
    assert [site["name"] for site in gslb["sites"]] == ["site01", "site02"]
    assert {site["member_type"] for site in gslb["sites"]} == {"GSLB_ACTIVE_MEMBER"}
    assert [site["cluster_uuid"] for site in gslb["sites"]] == [leader.uuid, follower.uuid]
    assert gslb["sites"][1]["dns_vses"][0]["dns_vs_uuid"] == follower.only("virtualservice", "g-dns-vs-site02")["uuid"]
    assert not terraform.differs()


def test_a_new_password_is_brought_to_accounts_and_gslb(
    terraform: Terraform, controllers: dict[str, Controller]
) -> None:
    terraform.apply()
    terraform.environment["TF_VAR_gslb_password"] = ANOTHER
    terraform.apply()
    assert [controller.accounts["gslb-admin"] for controller in controllers.values()] == [ANOTHER] * 2
    method, body = controllers["site01"].writes("gslb")[-1]
    assert (method, {site["password"] for site in body["sites"]}) == ("PUT", {ANOTHER})


def test_a_changed_address_changes_that_and_nothing_else(
    terraform: Terraform, repository: Path, controllers: dict[str, Controller]
) -> None:
    terraform.apply()
    path = repository / "avi/gslb.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["controllers"][1]["vsvip"]["vip"][0]["ip_address"]["addr"] = "192.168.70.54"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert terraform.differs()
    terraform.apply(SUPPRESSED)
    assert [method for method, _ in controllers["site02"].writes("vsvip")] == ["POST", "PUT"]
    assert [method for method, _ in controllers["site02"].writes("virtualservice")] == ["POST"]
    assert [method for method, _ in controllers["site01"].writes("vsvip")] == ["POST"]


def test_a_federation_is_not_destroyed_by_mistake(terraform: Terraform, controllers: dict[str, Controller]) -> None:
    terraform.apply()
    told = terraform.run("destroy", "-auto-approve", "-input=false", code=1)
    assert "prevent_destroy" in told
    assert controllers["site01"].only("gslb", "GSLB")


def test_a_missing_network_stops_the_plan(terraform: Terraform, controllers: dict[str, Controller]) -> None:
    controllers["site02"].objects.pop("network")
    told = terraform.run("plan", "-input=false", code=1)
    assert "dns-site02" in told or "network" in told
    assert controllers["site01"].writes("virtualservice") == []
