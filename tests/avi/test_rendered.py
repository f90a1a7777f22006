"""What is rendered for Terraform and Ansible: one data file, no secret, nothing that a cluster would apply."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.template.conftest import EXAMPLES, files_of, text_of, write
from tests.template.test_unusual_estates import controllers_of_all_kinds, names_like_other_values, one_cluster
from validator.estate_file.declared import resolve
from validator.estate_file.gslb_configuration import configuration
from validator.lifecycle.questions import chosen
from validator.read.estate import read_estate
from validator.read.exact import load_all

FORMATTER = shutil.which("terraform") or shutil.which("tofu")
BLOCK = re.compile(r'^(?:variable|module|provider|resource) "[^"]+"[^{]*\{\n(?:.*\n)*?\}$', re.MULTILINE)
MADE = {"numbers": names_like_other_values, "alone": one_cluster, "kinds": controllers_of_all_kinds}
ESTATES = [*EXAMPLES, *MADE]


def estate_text(name: str, automation: str) -> str:
    text = MADE[name]() if name in MADE else text_of(name)
    text = re.sub(r"(?m)^  automation: .*\n", "", text)
    return re.sub(r"(?m)^gslb:\n", f"gslb:\n  automation: {automation}\n", text)


def resolved(text: str) -> dict[str, Any]:
    return resolve(load_all(text.encode(), "estate.yaml")[0].value)


@pytest.mark.parametrize("automation", ["terraform", "ansible"])
@pytest.mark.parametrize("name", ESTATES)
def test_one_tool_and_one_data_file(name: str, automation: str) -> None:
    text = estate_text(name, automation)
    files = files_of(text)
    own = [path for path in files if path.startswith("avi/")]
    other = {"terraform": "ansible", "ansible": "terraform"}[automation]
    assert not [path for path in own if path.startswith(f"avi/{other}/")]
    assert [path for path in own if path.startswith(f"avi/{automation}/")]
    assert json.loads(files["avi/gslb.json"]) == configuration(resolved(text))
    assert yaml.safe_load(files["avi/gslb.json"]) == json.loads(files["avi/gslb.json"]), "JSON that is no YAML"


@pytest.mark.parametrize("automation", ["terraform", "ansible"])
@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_no_cluster_applies_any_of_it(engine: str, automation: str, tmp_path: Path) -> None:
    text = chosen(estate_text("lab", automation), {"engine": engine})
    estate = read_estate(write(files_of(text), tmp_path))
    applied = {item.document.path for cluster in estate.clusters for item in cluster.manifests}
    assert len(applied) > 20
    assert not [path for path in applied if not path.startswith("sites/")]
    assert len(estate.gslb) == 1


@pytest.mark.parametrize("name", ESTATES)
def test_every_variable_is_a_secret_without_default(name: str) -> None:
    text = estate_text(name, "terraform")
    blocks = BLOCK.findall(files_of(text)["avi/terraform/variables.tf"])
    assert len(blocks) == 1 + 2 * len(resolved(text)["sites"])
    for block in blocks:
        assert "sensitive   = true" in block and "default" not in block, block


@pytest.mark.parametrize("name", ESTATES)
def test_a_provider_and_a_module_for_each_site(name: str) -> None:
    text = estate_text(name, "terraform")
    files, sites = files_of(text), [site["name"] for site in resolved(text)["sites"]]
    aliases = re.findall(r'alias +(?:=) "([^"]+)"', files["avi/terraform/providers.tf"])
    modules = re.findall(r'^module "([^"]+)"', files["avi/terraform/main.tf"], re.MULTILINE)
    assert aliases == modules and len(set(aliases)) == len(sites)
    for alias in aliases:
        assert re.fullmatch(r"[A-Za-z_]\w*", alias), "no name in HCL and in a shell"
        assert f"avi_password   = var.{alias}_password" in files["avi/terraform/providers.tf"]
    for site in sites:
        assert f'local.controllers["{site}"]' in files["avi/terraform/main.tf"]


def test_identifiers_stay_apart() -> None:
    text = estate_text("lab", "terraform")
    for name, other in (("site01", '"1"'), ("site02", "site-1")):
        text = re.sub(rf"(name|leader): {name}\b", rf"\g<1>: {other}", text)
    aliases = re.findall(r'alias +(?:=) "([^"]+)"', files_of(text)["avi/terraform/providers.tf"])
    assert aliases == ["site_1", "site_site_1"]


def test_the_provider_is_no_newer_than_the_oldest_controller() -> None:
    text = estate_text("lab", "terraform")
    for version, pinned in (("22.1.2", "22.1.2"), ("22.1.9", "22.1.6"), ("30.2.1", "30.2.1"), ("21.1.4", "22.1.1")):
        changed = re.sub(r'version: "22.1.2"', f'version: "{version}"', text, count=1)
        changed = re.sub(r'version: "22.1.2"', 'version: "99.9.9"', changed, count=1)
        assert f'version = "{pinned}"' in files_of(changed)["avi/terraform/versions.tf"]


@pytest.mark.skipif(FORMATTER is None, reason="neither terraform nor tofu is on the PATH")
@pytest.mark.parametrize("name", ESTATES)
def test_terraform_would_format_it_the_same(name: str, tmp_path: Path) -> None:
    folder = write(files_of(estate_text(name, "terraform")), tmp_path) / "avi/terraform"
    command = [str(FORMATTER), "fmt", "-check", "-recursive", "-diff", "-no-color", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ESTATES)
def test_yamllint_has_nothing_to_say(name: str, tmp_path: Path) -> None:
    folder = write(files_of(estate_text(name, "ansible")), tmp_path) / "avi/ansible"
    command = [sys.executable, "-m", "yamllint", "--strict", "-f", "parsable", "-d", "default", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout + done.stderr == "" and done.returncode == 0


def steps(path: str) -> list[dict[str, Any]]:
    """Return the tasks of a file; `<<` is merged, as Ansible does it."""
    found: list[dict[str, Any]] = yaml.safe_load(files_of(estate_text("lab", "ansible"))[path])
    return found


def test_no_step_of_a_module_shows_or_fails() -> None:
    """Ansible shows the message of a module that fails, with its request, whatever `no_log` says."""
    hidden = 0
    for path in ("avi/ansible/tasks/dns-site.yml", "avi/ansible/tasks/federation.yml"):
        for task in steps(path):
            if any(key.startswith("vmware.alb.") for key in task):
                assert task["no_log"] is True and task["failed_when"] is False, task["name"]
                hidden += 1
    assert hidden == 11


def test_the_module_is_used_without_its_traps() -> None:
    """No patch mode, which empties lists, and the whole list of sites from the data file."""
    (task,) = (task for task in steps("avi/ansible/tasks/federation.yml") if "vmware.alb.avi_gslb" in task)
    assert "avi_api_update_method" not in task["vmware.alb.avi_gslb"]
    assert "gslb_data.gslb.sites | map(attribute='name')" in task["vars"]["sites"]


def test_what_is_unusual_is_said_as_avi_says_it() -> None:
    data = configuration(resolved(controllers_of_all_kinds()))
    first, second = data["controllers"]
    (vip,) = first["vsvip"]["vip"]
    assert vip["ip6_address"] == {"addr": "2001:db8:60::53", "type": "V6"} and "ip_address" not in vip
    assert vip["placement_networks"][0]["subnet6"] == {"ip_addr": {"addr": "2001:db8:60::", "type": "V6"}, "mask": 64}
    assert "tier1_lr" not in first["vsvip"] and second["vsvip"]["tier1_lr"] == "/infra/tier-1s/avi"
    site = data["gslb"]["sites"][1]
    assert [item["type"] for item in site["ip_addresses"]] == ["V4", "DNS", "V4"]
    assert (site["port"], site["ratio"], site["username"]) == (8443, 5, "admin")
    assert site["location"]["location"] == {"latitude": 47, "longitude": -0.5}


def test_geo_needs_memory_for_its_database() -> None:
    for name, memory in (("three-sites", 2000), ("lab", 0)):
        (found,) = {
            item["serviceenginegroup"]["extra_shared_config_memory"]
            for item in configuration(resolved(text_of(name)))["controllers"]
        }
        assert found == memory


def test_one_service_engine_cannot_be_active_active() -> None:
    groups = [item["serviceenginegroup"] for item in configuration(resolved(text_of("lab")))["controllers"]]
    assert {group["ha_mode"] for group in groups} == {"HA_MODE_SHARED"}
    groups = [item["serviceenginegroup"] for item in configuration(resolved(text_of("argocd")))["controllers"]]
    assert {(group["ha_mode"], group["min_scaleout_per_vs"]) for group in groups} == {("HA_MODE_SHARED_PAIR", 2)}
