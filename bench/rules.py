"""Time the reader and each rule at two sizes, to find the one that costs most, or grows faster than the estate."""

import argparse
import gc
import time
from pathlib import Path

from bench.__main__ import render
from validator.read.estate import read_estate
from validator.rules import all_rules


def main() -> None:
    """Print processor seconds at both sizes and their growth, dearest first."""
    parser = argparse.ArgumentParser(prog="python -m bench.rules", description=__doc__)
    parser.add_argument("sites", type=int, nargs="?", default=1000, help="the larger size (default: 1000)")
    parser.add_argument("--rows", type=int, default=20)
    given = parser.parse_args()
    gc.disable()  # as the command does
    small, large = given.sites // 4, given.sites
    before, after = times(render(small)), times(render(large))
    print(f"{'':<40} {small:>8} {large:>8} {'growth':>7}   of {large / small:.1f} times as many sites")
    for name in sorted(after, key=lambda name: -after[name])[: given.rows]:
        print(f"{name:<40} {before[name]:>8.3f} {after[name]:>8.3f} {after[name] / max(before[name], 1e-6):>7.1f}")
    print(f"{'everything':<40} {sum(before.values()):>8.3f} {sum(after.values()):>8.3f}")


def times(root: Path) -> dict[str, float]:
    """Return processor seconds by step; what several rules share counts for the first that asks for it."""
    start = time.process_time()
    estate = read_estate(root)
    found = {"reading": time.process_time() - start}
    for one in all_rules():
        start = time.process_time()
        for _ in one.check(estate):
            pass
        found[f"{one.id} {one.name}"] = time.process_time() - start
    return found


if __name__ == "__main__":
    main()
