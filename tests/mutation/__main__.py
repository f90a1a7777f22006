"""Print the whole table: every fault of the golden estates, the rules that spoke, the verdict.

python -m tests.mutation [ESTATE] [PART-OF-A-NAME]
"""

from __future__ import annotations

import sys

from tests.mutation.estates import SAMPLES, every_fault, findings
from tests.mutation.verdicts import Outcome, Verdict, counts, judge, table


def main(arguments: list[str]) -> int:
    wanted, part = (*arguments, "", "")[:2]
    outcomes: list[Outcome] = []
    for sample in SAMPLES:
        if wanted and sample.estate != wanted:
            continue
        for fault in every_fault(sample):
            if part in fault.name:
                outcomes.append(judge(sample.estate, fault, findings(sample, fault)))
                print(outcomes[-1].row, flush=True)
    if not wanted:
        for name in ("unseen", "consequences"):
            for entry in table(name):
                if not entry.used:
                    print(f"stale | {name}.toml | {entry}")
    found = counts(outcomes)
    several = sum(len(one.rules) > 1 for one in outcomes)
    print(
        f"{len(outcomes)} faults: {', '.join(f'{found[verdict]} {verdict}' for verdict in Verdict)}; {several} told by several rules"
    )
    return 1 if found[Verdict.MISSED] or found[Verdict.UNRELATED] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
