"""A vCenter path is empty, or lies in another datacenter than the rest.

What it finds:
    Of the topology variable `vcenter`: an empty `server`, `datacenter`, `datastore`, `folder` or
    `resourcePool`; paths that do not start with the `datacenter`.

Why it matters:
    The machines are never made: CAPV looks each of them up at vCenter, and a path in another datacenter is not
    found or is another site's object, when both sites share a vCenter.
    Source: tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere/bundle/config/upstream/base.yaml, variable
    vcenter.

Bad:
    - name: vcenter
      value: {server: vc02, datacenter: /Site02, datastore: /Site01/datastore/ds}

Good:
    - name: vcenter
      value: {server: vc02, datacenter: /Site02, datastore: /Site02/datastore/ds}

Fix:
    Write the paths of this site's datacenter.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.tkg.topologies import Topology

REQUIRED = ("server", "datacenter", "datastore", "folder", "resourcePool")
PATHS = ("datastore", "folder", "resourcePool", "network")


@rule("TKG102", Severity.ERROR, sources=("TKG-02", "tanzu-framework v0.28.3 packages/tkg-clusterclass-vsphere"))
def check(estate: Estate) -> Iterator[Problem]:
    for topology in estate.topologies:
        if topology.is_vsphere and isinstance(topology.value("vcenter"), dict):
            yield from _paths(topology)


def _paths(topology: Topology) -> Iterator[Problem]:
    for field in REQUIRED:
        if topology.value("vcenter", field) == "":
            yield Problem(
                topology.at("vcenter", field),
                f"`vcenter.{field}` of `{topology.name}` is empty; it is required",
            )
    datacenter = topology.value("vcenter", "datacenter")
    root = datacenter.rstrip("/") if isinstance(datacenter, str) else ""
    if not root.startswith("/") or "${" in root:
        return
    paths = {field: path for field in PATHS if isinstance(path := topology.value("vcenter", field), str)}
    paths = {field: path for field, path in paths.items() if path.startswith("/") and "${" not in path}
    outside = {field: path for field, path in paths.items() if not path.startswith(f"{root}/")}
    roots = {path.split("/")[1] for path in outside.values()}
    if len(outside) > 1 and len(outside) == len(paths) and len(roots) == 1:
        text = f"datacenter of `{topology.name}` is `{root}`, but every path lies in `/{roots.pop()}`"
        yield Problem(topology.at("vcenter", "datacenter"), text)
        return
    for field, path in outside.items():
        yield Problem(
            topology.at("vcenter", field),
            f"`vcenter.{field}` of `{topology.name}` is `{path}`, which is not in datacenter `{root}`",
            related=((topology.at("vcenter", "datacenter"), "the datacenter is here"),),
        )
