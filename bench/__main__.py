"""Time `estate validate` and kubeconform alone on repositories of several sizes, in turns, as whole processes.

kubeconform gets the same tree, the same schemas and its own defaults: what someone types who checks schemas alone.
`estate validate` runs with `--kubeconform off`: the built-in schema engine and every rule across sites.
"""

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import estates
from bench.timing import Runs, alternating
from validator import kubeconform
from validator.schema.kinds import LOCATION, folder

SIZES = [50, 500, 2000]
WORK = Path(__file__).resolve().parents[1] / "build" / "bench"
ESTATE = str(Path(sys.executable).with_name("estate"))


@dataclass(frozen=True, slots=True)
class Result:
    """Both programs on one tree."""

    sites: int
    documents: int
    validate: Runs
    kubeconform: Runs

    @property
    def ratio(self) -> float:
        """Return the median time of `estate validate` over that of kubeconform."""
        return self.validate.median / self.kubeconform.median

    @property
    def per_document(self) -> float:
        """Return the cost of one document in microseconds, start-up included."""
        return self.validate.median / self.documents * 1e6


def main() -> None:
    """Measure the sizes that were asked for; the last line is the ratio of the last one."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sites", type=int, nargs="*", help=f"numbers of sites (default: {SIZES})")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds of each program (default: 5)")
    given = parser.parse_args()
    binary = kubeconform.find()
    if binary is None:
        sys.exit("kubeconform is missing; install it with `make tools`")
    results = [measure(sites, binary, given.rounds) for sites in given.sites or SIZES]
    if len(results) > 1:
        print(f"{'sites':>8} {'documents':>10} {'us/document':>12} {'ratio':>6}")
        for result in results:
            print(f"{result.sites:>8} {result.documents:>10} {result.per_document:>12.0f} {result.ratio:>6.2f}")
    print(f"ratio to kubeconform: {results[-1].ratio:.2f}")


def measure(sites: int, binary: Path, rounds: int) -> Result:
    """Render a repository, time both programs on it, and print what was found."""
    root = render(sites)
    print(f"{sites} sites: {size(root)}", flush=True)
    summary = read_summary(root)
    commands = {"estate": [ESTATE, "validate", "--kubeconform", "off", str(root)], "kubeconform": against(binary, root)}
    ours, theirs = alternating(commands, rounds)
    result = Result(sites, summary["documents"], ours, theirs)
    print(f"  {'seconds':<12} {'median':>8} {'least':>8} {'most':>8} {'cpu':>8}   of {rounds} rounds")
    print(ours.line)
    print(theirs.line)
    print(
        f"  {summary['documents']} documents, {result.per_document:.0f} us each; ratio {result.ratio:.2f}", flush=True
    )
    return result


def render(sites: int) -> Path:
    """Render a repository of so many sites, always anew: one of an older template would measure something else."""
    WORK.mkdir(parents=True, exist_ok=True)
    root, file = WORK / f"bench-{sites}", WORK / f"bench-{sites}.yaml"
    shutil.rmtree(root, ignore_errors=True)
    estates.write(sites, file)
    subprocess.run([ESTATE, "new", str(file), "-o", str(root)], check=True, stdout=subprocess.DEVNULL)
    return root


def size(root: Path) -> str:
    """Say how many YAML files a tree holds, and how large they are."""
    lengths = [path.stat().st_size for path in root.rglob("*.yaml")]
    return f"{len(lengths)} files, {sum(lengths) / 1e6:.1f} MB"


def read_summary(root: Path) -> dict[str, Any]:
    """Return the summary of one run that is not timed; end the bench where the tree is not clean."""
    command = [ESTATE, "validate", "--kubeconform", "off", "--format", "json", str(root)]
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(
            f"the rendered tree is not clean, so there is nothing to compare\n{answer.stdout[:2000]}{answer.stderr}"
        )
    summary: dict[str, Any] = json.loads(answer.stdout)["summary"]
    return summary


def against(binary: Path, root: Path) -> list[str]:
    """Return the command that checks the manifests of a tree against the same schemas."""
    location = f"{folder().as_posix()}/{LOCATION}"
    objects = ["-ignore-filename-pattern", "/tanzu/"]  # not the configuration of management clusters
    return [
        str(binary),
        "-strict",
        "-ignore-missing-schemas",
        *objects,
        "-schema-location",
        location,
        str(root / "sites"),
    ]


if __name__ == "__main__":
    main()
