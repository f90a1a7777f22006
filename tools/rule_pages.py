"""Write `docs/rules/`: one page per rule and an index, from the rules' own docstrings.

Run `python tools/rule_pages.py` to write, with `--check` to fail when a page is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from validator.rules import Rule, all_rules

FOLDER = Path(__file__).parents[1] / "docs" / "rules"
HEAD = "<!-- written by tools/rule_pages.py from the rule's docstring: edit the rule, not this page -->\n"
SUBJECTS = {
    "EST": "Estate file",
    "CTX": "Cluster contexts",
    "AMK": "AMKO: leader, federation, GSLB configuration",
    "GDP": "Global deployment policy",
    "GHR": "GSLBHostRule",
    "AKO": "AKO chart values",
    "CRD": "AKO custom resources",
    "APP": "Applications across sites",
    "TKG": "TKG clusters",
    "AVI": "Avi objects and TKG's own AKO",
    "DNS": "Delegation and names",
    "SEC": "Secrets",
    "GIT": "Flux and Argo CD",
    "YML": "YAML",
    "SCH": "Schemas",
}


def page(one: Rule) -> str:
    """Return the page of one rule."""
    lines = [HEAD, f"# {one.id} {one.name}\n", f"{one.summary}.\n"]
    lines.append(f"Severity: {one.severity.value}. Since {one.since}.\n")
    for heading, text in one.sections.items():
        body = f"```yaml\n{text}\n```" if heading in {"Bad", "Good"} else text
        lines.append(f"## {heading}\n\n{body}\n")
    lines.append("## Sources\n\n" + "\n".join(f"- {source}" for source in one.sources) + "\n")
    lines.append(f"A fixture shows it at work: `tests/rules/{one.id}/bad`, reported as in `expected.txt` there.\n")
    return "\n".join(lines)


def index(rules: tuple[Rule, ...]) -> str:
    """Return the index, by subject."""
    lines = [HEAD, "# Rules\n"]
    for prefix, title in SUBJECTS.items():
        found = [one for one in rules if one.id.startswith(prefix)]
        if not found:
            continue
        lines += [f"## {prefix}: {title}\n", "| id | name | severity | finds |", "| --- | --- | --- | --- |"]
        lines += [f"| [{r.id}]({r.id}.md) | {r.name} | {r.severity.value} | {r.summary} |" for r in found]
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Return every file of the folder by name."""
    rules = all_rules()
    return {"README.md": index(rules), **{f"{one.id}.md": page(one) for one in rules}}


def main() -> int:
    """Write the pages, or compare them with `--check`; 1 where they are stale."""
    wanted = pages()
    present = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    if "--check" in sys.argv[1:]:
        stale = sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))
        for name in stale:
            sys.stderr.write(f"docs/rules/{name} is stale: run python tools/rule_pages.py\n")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in present.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
