"""Variants that come in one commit: what a change may do without a rule on changes minding."""

from __future__ import annotations

from functools import partial

import yaml

from tests.false_alarms.declared import app, clusters, third_cluster
from tests.false_alarms.manifests import (
    block_style,
    comments_everywhere,
    encrypted,
    forget_estate_file,
    line_ends_of_windows,
)
from tests.false_alarms.tree import Data, Tree, dump, rendered_example
from tests.false_alarms.variant import VARIANTS, Variant, of_commit, of_tree_commit

of_tree_commit("lab", "argocd")(block_style)
of_tree_commit("lab", "argocd")(comments_everywhere)
of_tree_commit("lab", "argocd")(line_ends_of_windows)


@of_commit("lab", "argocd", "three-sites")
def app_added(estate: Data) -> None:
    """A new application in all sites."""
    app(estate)


@of_commit("lab", "argocd", "three-sites")
def app_removed(estate: Data) -> None:
    """An application goes, in all sites at once."""
    estate["apps"].pop()


@of_commit("lab", "argocd")
def cluster_added(estate: Data) -> None:
    """A new member: into all lists of all sites with one commit, the checksums make the pods restart."""
    third_cluster(estate)


@of_commit("three-sites")
def member_taken_out(estate: Data) -> None:
    """A cluster is taken out of GSLB: of every list and of the policy in the same commit; it runs on by itself."""
    name = "fra-prod-02"
    next(cluster for cluster in clusters(estate) if cluster["name"] == name)["member"] = False
    split = estate["amko"]["trafficSplit"]
    estate["amko"]["trafficSplit"] = [share for share in split if share["cluster"] != name]


@of_commit("lab", "argocd", "three-sites")
def nodes_scaled(estate: Data) -> None:
    """More nodes, larger nodes, a second pool."""
    for cluster in clusters(estate):
        cluster["nodePools"] = [{"name": "md-0", "replicas": 5}, {"name": "md-9", "replicas": 3}]


@of_commit("lab", "argocd", "three-sites")
def policy_tuned(estate: Data) -> None:
    """Settings of the policy that AMKO takes up while it runs."""
    estate["amko"].update(ttl=45, downResponse={"type": "GSLB_SERVICE_DOWN_RESPONSE_EMPTY"})


@of_commit("lab", "argocd", "three-sites")
def logs_turned_up(estate: Data) -> None:
    """The log level of AKO and AMKO is followed at once."""
    estate["amko"]["logLevel"] = "DEBUG"
    for cluster in clusters(estate):
        cluster["ako"]["logLevel"] = "DEBUG"


@of_commit("lab", "argocd")
def leader_moved(estate: Data) -> None:
    """Another site takes the lead of GSLB and of AMKO, told to every site in the same commit."""
    estate["gslb"]["leader"] = estate["sites"][1]["name"]
    estate["amko"]["leader"] = estate["sites"][1]["clusters"][0]["name"]


@of_tree_commit("lab", "argocd", "three-sites")
def folders_moved(tree: Tree) -> None:
    """All folders get another name; clusters are known by what they call themselves."""
    tree.move("sites", "places")


@of_tree_commit("lab")
def secrets_encrypted_later(tree: Tree) -> None:
    """The templates of the Secrets are filled in and encrypted."""
    for path in tree.paths("*.sops.yaml"):
        tree.files[path] = dump([encrypted(found) for found in tree.documents(path)])


@of_tree_commit("lab", "argocd", "three-sites")
def estate_file_reordered(tree: Tree) -> None:
    """The estate file is sorted and loses its comments."""
    tree.files["estate.yaml"] = yaml.safe_dump(yaml.safe_load(tree.files["estate.yaml"]))


LEADER = "fra-prod-01"


def upgraded(*steps: str) -> Tree:
    """Return the three sites with newer releases in some places, and without an estate file to say what they should be."""
    tree = rendered_example("three-sites")
    forget_estate_file(tree)
    for step in steps:
        for path in tree.paths(f"sites/*/{step.partition(' ')[0]}/*.yaml"):
            if step != "amko followers" or LEADER not in path:
                tree.files[path] = tree.files[path].replace("2.1.1", "2.2.1")
    return tree


for name, done, step in (
    ("ako", (), ("ako",)),
    ("followers", ("ako",), ("ako", "amko followers")),
    ("leader", ("ako", "amko followers"), ("ako", "amko")),
):
    VARIANTS.append(
        Variant(
            f"commit-upgrade-{name}",
            "An upgrade in the order that AMKO's documentation wants: AKO, the followers, the leader",
            partial(upgraded, *step),
            partial(upgraded, *done),
        )
    )
