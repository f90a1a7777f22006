"""What the template's tests share: the examples, every combination of engine and backend, a checkout for cookiecutter."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from validator.estate_file import ESTATE_FILE
from validator.lifecycle.expand import Source, read_sources, repository
from validator.lifecycle.questions import chosen

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "<<cookiecutter.repo>>"
EXAMPLES = {path.stem: path for path in sorted((ROOT / "examples").glob("*.yaml"))}
ENGINES = ("flux", "argocd")
BACKENDS = ("sops", "sealed-secrets", "external-secrets")
COMBINATIONS = [(example, engine, backend) for example in EXAMPLES for engine in ENGINES for backend in BACKENDS]

Files = dict[str, str]


def sources() -> list[Source]:
    return [source for source in read_sources(TEMPLATE) if source.path != ESTATE_FILE]


def text_of(example: str, engine: str | None = None, backend: str | None = None) -> str:
    return chosen(EXAMPLES[example].read_bytes().decode(), {"engine": engine, "secrets": backend})


def files_of(text: str) -> Files:
    return {path: content.decode() for path, (content, _) in repository(text, sources()).items()}


def write(files: Files, folder: Path) -> Path:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="session", params=COMBINATIONS, ids="-".join)
def combination(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    found: tuple[str, str, str] = request.param
    return found


@pytest.fixture(scope="session")
def files(combination: tuple[str, str, str]) -> Files:
    """Return the rendered files of one combination."""
    return files_of(text_of(*combination))


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return what cookiecutter needs of a checkout: it copies the folder that it is given, whatever else is in it."""
    folder = tmp_path_factory.mktemp("checkout") / "gslb-estate"
    folder.mkdir()
    shutil.copy2(ROOT / "cookiecutter.json", folder)
    for name in ("hooks", "validator", "schemas", TEMPLATE.name):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    yield folder
    shutil.rmtree(folder)
