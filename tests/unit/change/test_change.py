"""What was there before and what it is today: clusters that moved, places of what is gone, whatever stands anywhere."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from validator.change import Past, match, survives
from validator.change.restart import pod_restarts, unread_changes
from validator.model import Estate
from validator.read.documents import Document
from validator.read.estate import assemble, read_estate, read_files
from validator.read.files import SourceFile
from validator.read.reading import Contents
from validator.rules import all_rules

RULES = Path(__file__).parents[2] / "rules"
JUNK: list[object] = [
    None,
    True,
    0,
    -1,
    3.5,
    "",
    "x",
    "a/b",
    "${x}",
    [],
    [None],
    [[]],
    {},
    {"a": None},
    ["x"],
    [{}],
    10**30,
    "v1.24.9",
]


def amko(context: str, name: str = "amko", values: str = "") -> str:
    return f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: {name}, namespace: avi-system}}
spec:
  chart: {{spec: {{chart: amko, version: 1.10.1, sourceRef: {{kind: HelmRepository, name: ako}}}}}}
  values:
    federation: {{currentCluster: {context}, currentClusterIsLeader: true, memberClusters: [{context}]}}
{values}"""


def sync(path: str, prune: str = "true", more: str = "") -> str:
    return f"""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 10m, path: ./{path}, prune: {prune}, {more}sourceRef: {{kind: GitRepository, name: flux-system}}}}
"""


def estate(files: dict[str, str]) -> Estate:
    return read_files((SourceFile(path, text.encode()) for path, text in sorted(files.items())), "")


def past(then: dict[str, str], now: dict[str, str]) -> Past:
    new = estate(now)
    new.base = estate(then)
    assert new.past is not None
    return new.past


def pairs(found: Past) -> set[tuple[str, str]]:
    return {(pair.old.root, pair.new.root) for pair in found.clusters}


def test_a_key_that_two_things_share_tells_nothing() -> None:
    old, new = ["a1", "b1", "b2"], ["b3", "a2", "c1"]
    found = match(old, new, (lambda one: [one[0]], lambda one: [one[1]]))
    assert [(pair.old, pair.new) for pair in found] == [("a1", "a2"), ("b1", "c1")]
    assert not match(["a", "a"], ["a"], (lambda one: [one],))


def test_a_cluster_is_known_by_its_context_before_its_folder() -> None:
    then = {"x/amko.yaml": amko("one"), "y/amko.yaml": amko("two")}
    assert pairs(past(then, {"x/amko.yaml": amko("two"), "y/amko.yaml": amko("one")})) == {("x", "y"), ("y", "x")}
    assert pairs(past(then, {"eu/amko.yaml": amko("one"), "us/amko.yaml": amko("two")})) == {("x", "eu"), ("y", "us")}


def test_a_context_that_is_put_right_is_no_other_cluster() -> None:
    then = {"x/amko.yaml": amko("one"), "y/amko.yaml": amko("tow")}
    found = past(then, {"x/amko.yaml": amko("one"), "y/amko.yaml": amko("two")})
    assert pairs(found) == {("x", "x"), ("y", "y")} and not found.gone


def test_a_context_that_was_copied_by_mistake_does_not_mix_up_clusters() -> None:
    then = {"x/amko.yaml": amko("one"), "y/amko.yaml": amko("two")}
    found = past(then, {"x/amko.yaml": amko("one"), "y/amko.yaml": amko("one")})
    assert pairs(found) == {("x", "x"), ("y", "y")}


def test_nothing_is_gone_while_a_file_cannot_be_read() -> None:
    then = {"x/amko.yaml": amko("one"), "y/amko.yaml": amko("two")}
    assert [cluster.root for cluster in past(then, {"x/amko.yaml": amko("one")}).gone] == ["y"]
    assert not past(then, {"x/amko.yaml": amko("one"), "y/amko.yaml": "{broken\n"}).gone
    assert past(then, {"x/amko.yaml": amko("one"), "z.yaml": "{broken\n"}).gone
    assert not past(then, {"z.yaml": "{broken\n"}).gone


@pytest.mark.parametrize(
    ("now", "path", "place"),
    [
        ({"a/b/c.yaml": "x: 1\n"}, "a/b/c.yaml", ("a/b/c.yaml", 1)),
        ({"a/kustomization.yaml": "kind: Kustomization\nresources: []\n"}, "a/b/c.yaml", ("a/kustomization.yaml", 2)),
        ({"a/sync.yaml": "# sync\n" + sync("a/b")}, "a/b/c.yaml", ("a/sync.yaml", 5)),
        ({"a/x.yaml": "x: 1\n", "b.yaml": "y: 1\n"}, "a/b/c.yaml", ("a/x.yaml", 1)),
        ({"0.yaml": "y: 1\n"}, "a/b/c.yaml", ("0.yaml", 1)),
        ({"0.yaml": "y: 1\n"}, "/c.yaml", ("0.yaml", 1)),
        ({"estate.yaml": "name: x\nsites: []\n", "a/x.yaml": "x: 1\n"}, "a/b/c.yaml", ("estate.yaml", 2)),
    ],
)
def test_where_something_is_told_that_is_gone(now: dict[str, str], path: str, place: tuple[str, int]) -> None:
    found = past({"z.yaml": "x: 1\n"}, now).place(path)
    assert (found.document.path, found.locate()[0]) == place


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"c/sync.yaml": sync("c")}, False),
        ({"c/sync.yaml": sync("c", "false")}, True),
        ({"c/sync.yaml": sync("c", more="deletionPolicy: Orphan, ")}, True),
        ({}, False),
    ],
)
def test_what_pruning_leaves(files: dict[str, str], kept: bool) -> None:
    kustomization = "kind: Kustomization\nresources: [sync.yaml, amko.yaml]\n" if files else ""
    files = {**files, "c/amko.yaml": amko("one")} | ({"c/kustomization.yaml": kustomization} if files else {})
    cluster = estate(files).clusters[0]
    assert survives(cluster.amko[0].manifest, cluster) is kept


@pytest.mark.parametrize(
    "mark",
    [
        "kustomize.toolkit.fluxcd.io/prune: disabled",
        "argocd.argoproj.io/sync-options: 'ServerSideApply=true, Prune=false'",
    ],
)
def test_marks_that_keep_an_object(mark: str) -> None:
    text = amko("one").replace("namespace: avi-system}", f"namespace: avi-system, annotations: {{{mark}}}}}")
    cluster = estate({"c/amko.yaml": text, "c/sync.yaml": sync("c")}).clusters[0]
    assert survives(cluster.amko[0].manifest, cluster)


@pytest.mark.parametrize(
    ("values", "restarts", "unread"),
    [
        ("    configs: {refreshInterval: 1800}\n", False, []),
        ("    configs: {refreshInterval: 600}\n", False, [("configs", "refreshInterval")]),
        ("    configs: {logLevel: DEBUG}\n", False, []),
        ("    configs: {refreshInterval: 600}\n    logFile: x.log\n", True, []),
        ("    affinity: {}\n", False, []),
        ("    affinity: {nodeAffinity: {}}\n", True, []),
    ],
)
def test_what_restarts_a_pod(values: str, restarts: bool, unread: list[Any]) -> None:
    found = past({"a.yaml": amko("one")}, {"a.yaml": amko("one", values=values)})
    (pair,) = found.releases("amko")
    assert (pod_restarts(pair), unread_changes(pair)) == (restarts, unread)


def _places(value: Any, pointer: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [pointer] * bool(pointer) + [place for key, item in items for place in _places(item, (*pointer, key))]


def _changed(documents: list[Document], chance: random.Random) -> list[Document]:
    found = [Document(d.path, d.index, d.line_offset, d.data, copy.deepcopy(d.value)) for d in documents]
    for _ in range(chance.choice([0, 1, 3, 12])):
        value = chance.choice(found).value
        if not (places := _places(value)):
            continue
        *way, last = chance.choice(places)
        for step in way:
            value = value[step]
        if chance.random() < 0.25:
            del value[last]
        else:
            value[last] = copy.deepcopy(chance.choice(JUNK))
    return [one for one in found if chance.random() < 0.95] or found


@pytest.mark.parametrize("name", ["AMK905", "GDP902", "APP901", "GIT903", "TKG907", "AVI901", "AKO904"])
def test_rules_on_changes_take_whatever_stands_anywhere(name: str) -> None:
    documents = read_estate(RULES / name / "base").documents
    rules = [one for one in all_rules() if one.needs_base]
    for seed in range(12):
        chance = random.Random(seed)  # noqa: S311  # the same cases in every run
        then, now = (assemble(Contents(_changed(documents, chance)), "") for _ in range(2))
        now.base = then
        for one in rules:
            for problem in one.check(now):
                assert problem.at.locate() >= (1, 1)


def test_rules_on_changes_are_silent_without_a_base() -> None:
    documents = read_estate(RULES / "GDP902" / "base").documents
    assert not [one.id for one in all_rules() if one.needs_base and list(one.check(assemble(Contents(documents), "")))]
