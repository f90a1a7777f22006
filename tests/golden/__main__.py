"""Write again what is made of the examples: `python -m tests.golden`."""

import shutil
from pathlib import Path

from validator.lifecycle import questions
from validator.lifecycle.render import render

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"


def main() -> None:
    """Write the lab into `cookiecutter.json`, and replace every golden tree by a fresh rendering of its example."""
    questions.main()
    for example in sorted(EXAMPLES.glob("*.yaml")):
        target = HERE / example.stem
        if target.exists():
            shutil.rmtree(target)
        print(render(example, target).relative_to(HERE.parents[1]))


if __name__ == "__main__":
    main()
