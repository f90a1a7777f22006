"""Write the pinned requirement files from pyproject.toml, each from a fresh environment.

Newest allowed versions win; run it with the oldest supported Python, so that the pins fit every later one.
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def frozen(requirements: list[str]) -> list[str]:
    """Return the pins of an environment that holds the requirements and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = [str(Path(folder) / "bin" / "python"), "-m", "pip"]
        subprocess.run([*pip, "install", "--quiet", *requirements], check=True)
        answer = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True)
    return answer.stdout.splitlines()


def write(name: str, purpose: str, lines: list[str]) -> None:
    """Write one requirement file under its one-line purpose."""
    text = "\n".join([f"# {purpose} Written by `make lock`.", *lines])
    (HERE / name).write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Resolve the run, build and dev sets and write their files."""
    if sys.version_info[:2] != (3, 11):
        sys.exit("run it with Python 3.11, the oldest supported: make lock PYTHON=python3.11")
    pyproject = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = pyproject["project"]["dependencies"]
    run = frozen(wanted)
    build = frozen(pyproject["build-system"]["requires"])
    everything = frozen([*run, *build, *pyproject["project"]["optional-dependencies"]["dev"]])
    rest = [pin for pin in everything if pin not in {*run, *build}]
    write("run.txt", "What the command needs to run, every package pinned.", run)
    write("build.txt", "What builds the wheel and installs the checkout in place.", build)
    write("dev.txt", "What the checks need on top.", ["-r run.txt", "-r build.txt", *rest])


if __name__ == "__main__":
    main()
