"""Which cluster contexts are meant, and which are spelt wrong."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from validator.federation.contexts import closest, is_near, slip
from validator.model import Estate
from validator.read.estate import assemble
from validator.read.files import SourceFile
from validator.read.reading import contents_of

A, B, C = "s01-admin@s01", "s02-admin@s02", "s03-admin@s03"


def site(own: str, *, leads: bool = False, lists: list[str], configs: list[str] | None = None) -> dict[str, Any]:
    configs = lists if configs is None else configs
    return {
        "federation": {"currentCluster": own, "currentClusterIsLeader": leads, "memberClusters": lists},
        "configs": {"memberClusters": [{"clusterContext": name} for name in configs]},
        "globalDeploymentPolicy": {"matchClusters": [{"cluster": name} for name in configs]},
    }


def estate(*sites: dict[str, Any]) -> Estate:
    files = []
    for number, values in enumerate(sites, 1):
        release = {
            "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "kind": "HelmRelease",
            "metadata": {"name": "amko", "namespace": "avi-system"},
            "spec": {"chart": {"spec": {"chart": "amko", "version": "1.9.1"}}, "values": values},
        }
        files.append(SourceFile(f"site0{number}/amko.yaml", yaml.safe_dump(release).encode()))
    return assemble(contents_of(files), ".")


def wrong(*sites: dict[str, Any]) -> dict[str, str | None]:
    found = estate(*sites)
    return {
        misnomer.text: misnomer.right
        for federation in found.federations
        for misnomer in found.naming(federation).wrong.values()
    }


def test_nothing_is_wrong_where_all_agree() -> None:
    assert wrong(site(A, leads=True, lists=[A, B]), site(B, lists=[A, B])) == {}


def test_one_place_is_outvoted() -> None:
    assert wrong(site(A, leads=True, lists=[A, B]), site(B, lists=["s01-admin@s1", B], configs=[A, B])) == {
        "s01-admin@s1": A
    }


def test_a_cluster_knows_its_own_name_in_a_draw() -> None:
    assert wrong(site(A, leads=True, lists=[A, "berne"]), site("bern", lists=[A, "bern"])) == {"berne": "bern"}


def test_a_name_made_like_tkgs_that_does_not_add_up_loses_the_draw() -> None:
    assert wrong(site(A, leads=True, lists=[A, B]), site("s02-admin@s2", lists=[A, "s02-admin@s2"])) == {
        "s02-admin@s2": B
    }


def test_many_outvote_a_cluster_about_its_own_name() -> None:
    sites = [site(A, leads=True, lists=[A, "bern", C]), site(C, lists=[A, "bern", C])]
    assert wrong(*sites, site("berne", lists=[A, "berne", C])) == {"berne": "bern"}


def test_a_foreign_name_means_the_cluster_that_it_displaces() -> None:
    assert wrong(site(A, leads=True, lists=[A, B]), site(B, lists=[A, B], configs=["paris", B])) == {"paris": A}


def test_a_member_that_does_not_run_amko_is_no_slip_of_one_that_does() -> None:
    assert wrong(site(A, leads=True, lists=[A], configs=["s04-admin@s04"])) == {}
    assert wrong(site(A, leads=True, lists=[A, B], configs=[A, B, C]), site(B, lists=[A, B], configs=[A, B, C])) == {}


@pytest.mark.parametrize("count", [3, 40])
def test_clusters_that_differ_by_number_are_different(count: int) -> None:
    names = [f"k8s-{number:02}-admin@k8s-{number:02}" for number in range(count)]
    assert wrong(*(site(name, leads=name == names[0], lists=names) for name in names)) == {}


def test_parts_in_another_order_are_near() -> None:
    assert is_near("site02-tkg-wld-admin@site02-tkg-wld", "tkg-wld-site02-admin@tkg-wld-site02")
    assert closest("s01-amdin@s01", [A, B]) == A
    assert slip("s09-admin@s09", [A, B]) is None
    assert slip("s01-admin@s1", [A, B]) == A
