"""The runbook of a rendered repository: every path in it is there, every command of ours takes what it is given."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from tests.template.conftest import COMBINATIONS, Files, files_of, text_of, write
from validator.cli import group

STEPS = [
    "1. This repository",
    "2. GSLB on the Avi controllers",
    "3. Delegation",
    "4. Management clusters",
    "5. Secrets",
    "6. Start",
    "7. AMKO's members",
    "8. Verification",
]
FAILURES = [
    "A site is lost",
    "A workload cluster is lost",
    "The old leader returns",
    "A management cluster is lost",
    "A name does not answer",
    "Move the lead",
    "Add or remove a cluster",
    "Upgrade",
    "New passwords and certificates",
]


@pytest.fixture(scope="module", params=COMBINATIONS, ids="-".join)
def rendered(request: pytest.FixtureRequest) -> Files:
    return files_of(text_of(*request.param))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(text: str) -> Iterator[str]:
    """Yield the lines of the shell blocks, with those that go on in the next put together."""
    for block in blocks(text, "sh"):
        yield from block.replace("\\\n", " ").splitlines()


def test_steps_stand_in_their_order_and_say_who_and_what_to_see(rendered: Files) -> None:
    headings = re.findall(r"^### (\d\. .*)$", rendered["README.md"], re.MULTILINE)
    assert [heading.startswith(step) for heading, step in zip(headings, STEPS, strict=True)] == [True] * len(STEPS)
    deployment = rendered["README.md"].split("## Later")[0]
    for part in re.split(r"^### \d\. ", deployment, flags=re.MULTILINE)[1:]:
        assert "**You see**" in part, part.splitlines()[0]
    for part in re.split(r"^### [1-7]\. ", deployment, flags=re.MULTILINE)[1:]:
        assert re.search(r"^\*[A-Z][^*]+\.\*", part, re.MULTILINE), part.splitlines()[0]


def test_failures_have_their_part(rendered: Files) -> None:
    for heading in FAILURES:
        assert f"\n### {heading}\n" in rendered["README.md"]


def test_every_path_is_there(rendered: Files) -> None:
    text = rendered["README.md"]
    folders = {path[: end.start()] for path in rendered for end in re.finditer("/", path)}
    paths = set(re.findall(r"(?<![\w$/.-])(?:sites|avi|dns)/[\w./-]*[\w]", text))
    paths |= set(re.findall(r"\]\(([\w./-]+)\)", text))
    concrete = {path for path in paths if not re.search(r"SITE|CLUSTER", path)}
    assert concrete
    assert sorted(path for path in concrete if path not in rendered and path.rstrip("/") not in folders) == []


def test_every_command_of_ours_takes_what_it_is_given(rendered: Files) -> None:
    found = [line for line in commands(rendered["README.md"]) if line.startswith("estate ")]
    assert {line.split()[1] for line in found} == {"validate", "members", "verify"}
    for line in found:
        words = shlex.split(line.split(" && ")[0])[1:]
        command: click.Command = group
        while isinstance(command, click.Group):
            inner = command.get_command(click.Context(command), words.pop(0))
            assert inner is not None, line
            command = inner
        command.make_context("estate", words)


def test_every_cluster_has_its_commands(rendered: Files) -> None:
    text = rendered["README.md"]
    for path in rendered:
        if match := re.fullmatch(r"sites/([\w-]+)/management/clusters/([\w-]+)\.yaml", path):
            site, cluster = match.groups()
            if cluster != "kustomization":
                assert f"--token-secret {cluster}=" in text
                assert f"wait cluster/{cluster} " in text
            assert f"tanzu management-cluster create -f sites/{site}/tanzu/management-cluster.yaml" in text


def test_the_picture_is_that_of_estate_show(rendered: Files) -> None:
    (picture,) = blocks(rendered["README.md"], "mermaid")
    assert picture.startswith("flowchart TB\n")
    for site in {path.split("/")[1] for path in rendered if path.startswith("sites/")}:
        assert f'"{site}"' in picture


def test_a_picture_that_no_viewer_draws_is_left_out() -> None:
    text = text_of("lab")
    app = text[text.index("  - name: onlineshop") :]
    more = "".join(app.replace("onlineshop", f"shop-{number}") for number in range(300))
    assert blocks(files_of(text + more)["README.md"], "mermaid") == []


def test_sops_encrypts_the_templates_and_not_its_own_settings(tmp_path: Path) -> None:
    """`*.sops.yaml` matches `.sops.yaml` as well, to git and to sops: the settings would be encrypted with the secrets."""
    files = files_of(text_of("lab", "flux", "sops"))
    write(files, tmp_path)
    templates = {path for path in files if re.search(r"/[^/]+\.sops\.yaml$", path)}
    assert len(templates) == 10
    (command,) = (line for line in commands(files["README.md"]) if "sops encrypt" in line)
    words = shlex.split(command.partition("|")[0])
    assert words[:2] == ["git", "ls-files"]
    subprocess.run(["git", "init", "--quiet", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    listed = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert set(listed.split()) == templates
    (rule,) = yaml.safe_load(files[".sops.yaml"])["creation_rules"]
    assert {path for path in files if re.search(rule["path_regex"], path)} == templates


def test_says_nothing_of_a_chart_where_tkg_installs_ako() -> None:
    for engine in ("flux", "argocd"):
        readme = files_of(text_of("tkg-managed", engine))["README.md"]
        assert not re.search(
            r"ako-credentials|(?<!gslb-)avi-secret|helm-charts/ako\b|AKO 1\.", readme.replace("amko-", "")
        )
        assert "| `.../ako/` | the AKODeploymentConfig" in readme
        assert "avi-config-delete" in readme


@pytest.mark.parametrize("example", ["lab", "tkg-managed"])
def test_names_the_folders_that_there_are(example: str) -> None:
    files = files_of(text_of(example))
    table = files["README.md"].split("## What is where")[1].split("\n\n")[1]
    named = set(re.findall(r"`\.\.\./([\w-]+)/", table))
    folders = {
        match[1] for path in files if (match := re.match(r"sites/[^/]+/(?:management|clusters/[^/]+)/([^/]+)/", path))
    }
    assert named == folders - {"flux-system"}
    assert len(table.splitlines()) == len(set(table.splitlines()))
