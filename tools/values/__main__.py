"""Command: `python -m tools.values [--check] [--out schemas/values]`.

Writes one schema per release of the AKO and AMKO charts; `--check` only says which files are not as they should be.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tools.values.generate import CHARTS, schemas


def main(arguments: list[str] | None = None) -> int:
    """Write or check every file; return 0, or 1 when a check finds a file that is stale, missing or not ours."""
    parser = argparse.ArgumentParser(prog="python -m tools.values", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, name the files that differ")
    parser.add_argument("--out", type=Path, default=Path("schemas/values"))
    options = parser.parse_args(arguments)
    wanted = {
        options.out / chart / f"{release}.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
        for chart in CHARTS
        for release, schema in schemas(chart)
    }
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    surplus = [path for chart in CHARTS for path in (options.out / chart).glob("*") if path not in wanted]
    if options.check:
        for path in stale:
            print(f"{path}: stale, run `python -m tools.values`")
        for path in surplus:
            print(f"{path}: no such release in the source")
        return 1 if stale or surplus else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
        print(path)
    for path in surplus:
        path.unlink()
        print(f"{path} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
