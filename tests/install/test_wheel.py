"""The wheel alone, in an empty environment outside the checkout, does the main job."""

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from validator import __version__

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "<<cookiecutter.repo>>"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (built,) = folder.glob("*.whl")
    return built


def paths(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def closure(wheel: Path) -> Iterator[Distribution]:
    """Give every package that the wheel declares, and what those declare, from this environment."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = archive.read(metadata).decode().splitlines()
    queue = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    seen: set[str] = set()
    while queue:
        requirement = Requirement(queue.pop())
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if not wanted or requirement.name in seen:
            continue
        seen.add(requirement.name)
        found = distribution(requirement.name)
        yield found
        queue.extend(found.requires or ())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the commands' folder of an environment that holds the wheel and what it declares, nothing else.

    The declared packages are links into this environment: no index is asked, and one that is used but not
    declared is missing.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    for package in closure(wheel):
        for top in {file.parts[0] for file in package.files or () if file.parts[0] not in {"..", "__pycache__"}}:
            link = site / top
            if not link.exists():
                link.symlink_to(Path(str(package.locate_file(top))))
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--no-index", "--no-cache-dir", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, text=True)
    return folder / "bin"


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_holds_no_path_that_windows_cannot_unpack(wheel: Path) -> None:
    assert [path for path in paths(wheel) if set(path) & set('<>:"|?*\\')] == []


def test_holds_every_file_of_the_template(wheel: Path) -> None:
    held = set(paths(wheel))
    tracked = run("git", "ls-files", "-z", "--", TEMPLATE.name, "hooks", "schemas", cwd=ROOT).stdout.split("\0")
    if tracked == [""]:
        pytest.skip("not a git checkout")
    data = "validator/_data"
    prefixes = {TEMPLATE.name: f"{data}/template/repository", "hooks": f"{data}/template/hooks"}
    for path in filter(None, tracked):
        top, _, rest = path.partition("/")
        assert f"{prefixes.get(top, f'{data}/{top}')}/{rest}" in held


def test_holds_nothing_of_the_tests(wheel: Path) -> None:
    assert {path.split("/")[0] for path in paths(wheel)} == {"validator", f"gslb_estate-{__version__}.dist-info"}


def test_says_its_version(installed: Path, tmp_path: Path) -> None:
    answer = run(installed / "estate", "--version", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert __version__ in answer.stdout


def test_does_not_see_the_checkout(installed: Path, tmp_path: Path) -> None:
    answer = run(installed / "python", "-c", "import validator; print(validator.__file__)", cwd=tmp_path)
    assert str(ROOT) not in answer.stdout


def test_makes_the_lab_and_finds_it_clean(installed: Path, tmp_path: Path) -> None:
    made = run(installed / "estate", "new", "-o", "lab", cwd=tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    checked = run(installed / "estate", "validate", "lab", "--kubeconform", "off", "--fail-on", "warning", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_makes_the_estate_of_a_file(installed: Path, tmp_path: Path) -> None:
    text = (ROOT / "examples" / "argocd.yaml").read_text(encoding="utf-8")
    (tmp_path / "estate.yaml").write_text(text, encoding="utf-8")
    made = run(installed / "estate", "new", "estate.yaml", "-o", "mine", cwd=tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    checked = run(installed / "estate", "validate", "mine", "--kubeconform", "off", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_reports_a_disagreement(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "estate", "new", "-o", "lab", cwd=tmp_path).returncode == 0
    (broken,) = sorted((tmp_path / "lab" / "sites").glob("*/management/kustomization.yaml"))[:1]
    broken.write_text("a: [\n", encoding="utf-8")
    checked = run(installed / "estate", "validate", "lab", "--kubeconform", "off", cwd=tmp_path)
    assert checked.returncode in {1, 2}
    assert "kustomization.yaml:" in checked.stdout + checked.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completes_in_a_shell(installed: Path, tmp_path: Path, shell: str) -> None:
    answer = run(installed / "estate", cwd=tmp_path, _ESTATE_COMPLETE=f"{shell}_source")
    assert answer.returncode == 0, answer.stderr
    assert "_ESTATE_COMPLETE" in answer.stdout


def test_completes_a_verb(installed: Path, tmp_path: Path) -> None:
    words = {"COMP_WORDS": "estate va", "COMP_CWORD": "1"}
    answer = run(installed / "estate", cwd=tmp_path, _ESTATE_COMPLETE="bash_complete", **words)
    assert "plain,validate" in answer.stdout.split()
