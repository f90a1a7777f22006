"""Legitimate estates in which no rule may find anything.

`estates/` holds complete repositories as people have them, most of them from no template. The README of each says why it is
legitimate, and what must be seen in it: silence about something that was not read proves nothing. The variants are changes of
the rendered examples.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.false_alarms import commits, declared, layouts, manifests, objects, releases  # noqa: F401  # they fill the register
from tests.false_alarms.drawn import check
from tests.false_alarms.variant import VARIANTS, Variant
from validator.model import Estate
from validator.options import Options
from validator.read.estate import read_estate
from validator.runner import run

ESTATES = sorted(path for path in (Path(__file__).parent / "estates").iterdir() if path.is_dir())
MINIMUM = 45
DRAWN = 24
_SEEN = re.compile(r"^ {4}(\w+):(.*)$", re.MULTILINE)


def told(root: Path, before: Path | None = None, kubeconform: str = "off") -> list[str]:
    """Return what is found, a line each; information counts as well."""
    base = read_estate(before) if before else None
    report = run(root, Options(kubeconform=kubeconform), base=base)
    return [f"{f.rule} {f.name} ({f.severity}) {f.path}:{f.line}:{f.column} {f.message}" for f in report.findings]


def seen(estate: Estate) -> dict[str, list[str]]:
    """Return what the reader makes of a repository, under the keys that a README may name."""
    leaders = [release.cluster.name for federation in estate.federations for release in federation.leaders]
    return {
        "ako": sorted(cluster.name for cluster in estate.clusters if cluster.ako),
        "amko": sorted(cluster.name for cluster in estate.clusters if cluster.amko),
        "leader": sorted(leaders),
        "hosts": sorted({name for selection in estate.selections for name in selection.names}),
    }


def expected(root: Path) -> dict[str, list[str]]:
    """Return what the README of an estate says must be seen."""
    text = (root / "README.md").read_text(encoding="utf-8")
    return {
        key: sorted(item.strip() for item in items.split(",") if item.strip()) for key, items in _SEEN.findall(text)
    }


def test_there_are_enough() -> None:
    names = [variant.name for variant in VARIANTS]
    assert len(set(names)) == len(names)
    assert len({variant.reason for variant in VARIANTS}) + len(ESTATES) >= MINIMUM


@pytest.mark.parametrize("root", ESTATES, ids=lambda root: root.name)
def test_estate_is_silent(root: Path) -> None:
    assert told(root) == []


@pytest.mark.parametrize("root", ESTATES, ids=lambda root: root.name)
def test_estate_is_silent_with_kubeconform(root: Path, kubeconform: Path) -> None:
    assert told(root, kubeconform="require") == []


@pytest.mark.parametrize("root", ESTATES, ids=lambda root: root.name)
def test_estate_did_not_change(root: Path) -> None:
    assert told(root, before=root) == []


@pytest.mark.parametrize("root", ESTATES, ids=lambda root: root.name)
def test_estate_is_seen(root: Path) -> None:
    wanted, found = expected(root), seen(read_estate(root))
    assert wanted, f"{root.name} does not say what must be seen"
    assert {key: found[key] for key in wanted} == wanted


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_variant_is_silent(variant: Variant, tmp_path: Path) -> None:
    before = variant.before().save(tmp_path / "before") if variant.before else None
    assert told(variant.make().save(tmp_path / "after"), before) == [], variant.reason


@pytest.mark.parametrize("seed", range(DRAWN))
def test_drawn_estate_is_silent(seed: int) -> None:
    found = list(check(seed))
    assert all(line.startswith("refused: ") for line in found), found


def test_most_drawn_estates_are_right() -> None:
    assert sum(not any(check(seed)) for seed in range(100, 104)) >= 2
