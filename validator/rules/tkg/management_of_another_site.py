"""A management cluster is configured for the vCenter or the Avi controller of another site.

What it finds:
    Without an estate file that says what is right: a configuration file whose vCenter, datacenter or Avi controller
    is not that of the workload clusters that the management cluster makes, but that of another management cluster's.

Why it matters:
    A file copied from another site and changed in part makes the management cluster in that site, or gives its AKO
    Operator the other site's controller: the virtual services of the API servers appear where their nodes are not.
    Source: tanzu-framework v0.28.3 providers/config_default.yaml.

Bad:
    # in the folder of site02, whose clusters are in vcsa-02
    VSPHERE_SERVER: vcsa-01.example.com

Good:
    VSPHERE_SERVER: vcsa-02.example.com

Fix:
    Write the values of the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Ref
from validator.rules import rule
from validator.rules.tkg._tanzu import Makers
from validator.tkg.topologies import Topology

VARIABLES = ("VSPHERE_SERVER", "VSPHERE_DATACENTER", "AVI_CONTROLLER")
FIELDS = {"VSPHERE_SERVER": "server", "VSPHERE_DATACENTER": "datacenter"}

Known = dict[str, Ref]


@rule("TKG147", Severity.ERROR, sources=("tkg-avi B1", "tanzu-framework v0.28.3 providers/config_default.yaml"))
def check(estate: Estate) -> Iterator[Problem]:
    makers = Makers(estate)
    for found, index in estate.managements:
        if index is not None:
            continue  # the rule on the estate file tells
        own = makers.workloads(found)
        for variable in VARIABLES if own else ():
            given, known = found.text(variable), _values(estate, own, variable)
            if not given or "$" in given or not known or given in known:
                continue
            theirs = _values(estate, makers.others(found), variable)
            if given in theirs:
                wanted, at = next(iter(known.items()))
                yield Problem(
                    found.at(variable),
                    f"`{variable}` is `{given}`, that of another site; the clusters of `{found.name}` are at `{wanted}`",
                    ((at, f"`{wanted}` is written here"), (theirs[given], f"`{given}` belongs here")),
                )


def _values(estate: Estate, topologies: Iterable[Topology], variable: str) -> Known:
    """Return what the clusters have in place of a variable, with the first place of each."""
    found: Known = {}
    by_object = {id(cluster.tkg): cluster for cluster in estate.clusters if cluster.tkg is not None}
    for topology in topologies:
        if variable in FIELDS:
            value = topology.value("vcenter", FIELDS[variable])
            if isinstance(value, str) and value:
                found.setdefault(value, topology.at("vcenter", FIELDS[variable]))
            continue
        cluster = by_object.get(id(topology.manifest))
        for release in cluster.ako if cluster is not None else ():
            if host := release.text("ControllerSettings", "controllerHost"):
                found.setdefault(host, release.at("ControllerSettings", "controllerHost"))
    return found
