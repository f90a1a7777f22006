"""Time what every start costs: the command without work, beside the bare interpreter."""

import argparse
import sys
from pathlib import Path

from bench.timing import alternating

LIMIT = 0.15


def main() -> None:
    """Print the start-up times of `estate --help` and `estate --version`, in seconds."""
    parser = argparse.ArgumentParser(prog="python -m bench.startup", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    estate = str(Path(sys.executable).with_name("estate"))
    commands = {
        "python": [sys.executable, "-c", "pass"],
        "--version": [estate, "--version"],
        "--help": [estate, "--help"],
    }
    print(f"  {'':<12} {'median':>8} {'least':>8} {'most':>8} {'cpu':>8}")
    runs = alternating(commands, parser.parse_args().rounds)
    for each in runs:
        print(each.line)
    print(f"estate --help: {runs[-1].median:.3f} s, wanted less than {LIMIT} s")


if __name__ == "__main__":
    main()
