"""The data of GSLB on the controllers, playbooks and Terraform's files: what is read, what is not, and how much of it."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.rules.test_fixtures import HERE as RULES
from validator.options import Options
from validator.read.documents import Document
from validator.read.estate import read_estate, read_files
from validator.read.files import MAX_BYTES, SourceFile, yaml_files
from validator.read.gslb import configurations
from validator.read.history import files_at
from validator.read.texts import is_read
from validator.report import FORMATS, write
from validator.rules.avi._declaration import differences
from validator.rules.avi._terraform import exposed, of_avi
from validator.runner import run

DATA: dict[str, Any] = {"gslb": {"leader": "one", "sites": [{"name": "one"}]}, "controllers": [{"site": "one"}]}
TASK = {"vmware.alb.avi_gslb": {"leader_cluster_uuid": "cluster-1", "sites": [{"cluster_uuid": "cluster-1"}]}}


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def document(value: Any, path: str = "avi/ansible/gslb.yml") -> Document:
    return Document(path, 0, 0, json.dumps(value).encode(), value)


def test_of_all_json_one_file_is_read(tmp_path: Path) -> None:
    names = ["avi/gslb.json", "lab/avi/gslb.json", "gslb.json", "my-avi/gslb.json", "avi/other.json", "package.json"]
    put(tmp_path, dict.fromkeys(names, json.dumps(DATA)))
    assert sorted(file.path for file in yaml_files(tmp_path)) == ["avi/gslb.json", "lab/avi/gslb.json"]
    assert len(read_estate(tmp_path).gslb) == 2


def test_a_key_of_another_meaning_makes_the_data_no_object(tmp_path: Path) -> None:
    put(tmp_path, {"avi/gslb.json": json.dumps({**DATA, "kind": "gslb"})})
    assert len(read_estate(tmp_path).gslb) == 1


def test_terraform_is_no_yaml(tmp_path: Path) -> None:
    put(tmp_path, {"a.yaml": "a: 1\n", "main.tf": "{{{", "x.tfvars": "a: [", "x.tfstate": "", "y.tfstate.backup": ""})
    assert [file.path for file in yaml_files(tmp_path)] == ["a.yaml"]
    assert len(list(yaml_files(tmp_path, is_read))) == 5
    estate = read_estate(tmp_path)
    assert [file.path for file in estate.texts] == ["main.tf", "x.tfstate", "x.tfvars", "y.tfstate.backup"]
    assert estate.unreadable == []
    assert read_estate(tmp_path, exclude=("*.tf*",)).texts == []


def test_what_git_had_is_read_as_well(tmp_path: Path) -> None:
    put(tmp_path, {"a.yaml": "a: 1\n", "avi/gslb.json": json.dumps(DATA), "avi/main.tf": "{{{", "other.json": "{"})
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "all"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, timeout=60)
    estate = read_files(files_at(tmp_path, "HEAD"), str(tmp_path))
    assert [one.path for one in estate.documents] == ["a.yaml", "avi/gslb.json"]
    assert len(estate.gslb) == 1 and estate.unreadable == []


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, {"outside.tf": 'avi_password = "S3cret"\n', "outside.json": json.dumps(DATA)})
    root = put(tmp_path / "root", {"a.yaml": "a: 1\n", "avi/main.tf": "# avi\n"})
    (root / "avi/link.tf").symlink_to("../../outside.tf")
    (root / "avi/gslb.json").symlink_to("../../outside.json")
    estate = read_estate(root)
    assert [file.problem for file in estate.texts if file.path == "avi/link.tf"] == [
        "is a link that leaves the repository"
    ]
    assert of_avi(estate.texts) == [file for file in estate.texts if file.path == "avi/main.tf"]
    assert estate.gslb == []


@pytest.mark.parametrize("value", [[], "text", 7, None, {}, {"gslb": 1}, {"gslb": []}, {"other": {}}])
def test_data_of_another_shape(value: Any) -> None:
    found = configurations([document(value, "avi/gslb.json")])
    assert len(found) == (1 if isinstance(value, dict) and "gslb" in value else 0)
    for one in found:
        assert one.leader is None and one.domains == [] and one.sites == ()


@pytest.mark.parametrize("wrong", [None, 7, "text", [], {}, [None], [[]], [7], {"a": None}, [{}]])
@pytest.mark.parametrize(
    "place", [("gslb",), ("controllers",), ("gslb", "sites"), ("gslb", "dns_configs"), ("gslb", "leader")]
)
def test_no_rule_breaks_on_a_wrong_type(place: tuple[str, ...], wrong: Any, tmp_path: Path) -> None:
    data = json.loads((RULES / "AVI110/good/avi/gslb.json").read_text(encoding="utf-8"))
    target = data
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = wrong
    report = run(put(tmp_path, {"avi/gslb.json": json.dumps(data)}), Options(kubeconform="off"))
    assert not [one.message for one in report.findings if one.rule == "INT000"]


@pytest.mark.parametrize("wrong", [None, 7, "text", [], {}, [None], [[]], [{}]])
def test_no_rule_breaks_on_a_wrong_type_further_down(wrong: Any, tmp_path: Path) -> None:
    whole = json.loads((RULES / "AVI110/good/avi/gslb.json").read_text(encoding="utf-8"))
    places = [
        *((("gslb", "sites", 0), key) for key in whole["gslb"]["sites"][0]),
        *((("controllers", 0), key) for key in whole["controllers"][0]),
        (("controllers", 0, "virtualservice"), "services"),
        (("controllers", 0, "vsvip"), "vip"),
        (("controllers", 0, "applicationprofile"), "dns_service_profile"),
    ]
    for index, (owner, key) in enumerate(places):
        data = json.loads(json.dumps(whole))
        target = data
        for step in owner:
            target = target[step]
        target[key] = wrong
        root = put(tmp_path / str(index), {"avi/gslb.json": json.dumps(data)})
        report = run(root, Options(kubeconform="off"))
        assert not [one.message for one in report.findings if one.rule == "INT000"], (owner, key)


def test_tasks_are_found_in_plays_and_blocks() -> None:
    plays = [{"hosts": "all", "tasks": [{"block": [TASK], "rescue": [TASK]}], "handlers": [TASK]}, TASK]
    assert len(configurations([document(plays)])) == 4


def test_blocks_in_blocks_end() -> None:
    nested: list[Any] = [TASK]
    for _ in range(200):
        nested = [{"block": nested}]
    assert configurations([document(nested)]) == []


def test_a_state_is_never_opened(tmp_path: Path) -> None:
    put(tmp_path, {"a.yaml": "a: 1\n", "avi/main.tf": "# avi\n"})
    with (tmp_path / "avi/terraform.tfstate").open("wb") as state:
        state.truncate(MAX_BYTES + 1)
    report = run(tmp_path, Options(select=("AVI124", "AVI125"), kubeconform="off"))
    assert [(one.rule, one.path) for one in report.findings] == [("AVI125", "avi/terraform.tfstate")]


def test_long_lines_cost_no_more_than_their_length() -> None:
    for line in (
        "password" * 100_000,
        " " * 500_000,
        'a_token = "' + "\\" * 500_000,
        "{" * 300_000,
        "password=" * 90_000,
    ):
        start = time.perf_counter()
        assert list(exposed(SourceFile("avi/main.tf", line.encode()))) == []
        assert time.perf_counter() - start < 5
    assert list(exposed(SourceFile("avi/main.tf", b'\xff\xfe\n avi_password = "S3cret"\n'))) != []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('avi_password = "S3cret"', True),
        ('variable "gslb_password" { default = "S3cret" }', True),
        ('  locals { avi_password = "S3cret" }', True),
        ("avi_password = var.password", False),
        ('avi_password = "${var.password}"', False),
        ('avi_password = "REPLACE-ME"', False),
        ('avi_password = ""', False),
        ('# avi_password = "S3cret"', False),
        ('description = "Password of the account."', False),
        ('variable "region" { default = "north" }', False),
        ('  condition = var.avi_password == "S3cret"', False),
    ],
)
def test_what_is_a_secret_in_the_open(line: str, told: bool) -> None:
    assert bool(list(exposed(SourceFile("avi/main.tf", line.encode())))) is told


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_format_shows_a_secret(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for case in sorted((RULES / "AVI124/bad").glob("case-*")):
        report = run(case, Options(kubeconform="off"))
        assert any(one.rule == "AVI124" for one in report.findings)
        write(report, name, "-")
    assert "S3cret" not in capsys.readouterr().out


def test_a_difference_is_told_where_it_is() -> None:
    wanted = {"sites": [{"name": "a", "port": 1}, {"name": "b", "port": 2}], "plain": [1, 2]}
    given = {"sites": [{"name": "b", "port": 3}, {"name": "a", "port": 1}], "plain": [1, 2, 2], "more": True}
    found = {one.pointer: (one.given, one.wanted) for one in differences(given, wanted)}
    assert found == {
        ("sites", 0, "port"): (3, 2),
        ("sites",): ("b, a", "a, b"),
        ("plain", 2): (2, None),
        ("more",): (True, None),
    }
    assert list(differences(wanted, wanted)) == []
    assert [one.wanted for one in differences({"a": True}, {"a": 1})] == [1]
