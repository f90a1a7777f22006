"""Variables of ClusterClasses: the bundled ones, their revisions and families, and the class of your own cluster."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from validator.errors import InputError
from validator.schema import clusterclass

V100 = "tkg-vsphere-default-v1.0.0"
NAMES = sorted(path.stem for path in clusterclass._folder().glob("*.json"))

# What the TKG 2.1 command line writes for a workload cluster.
VARIABLES: dict[str, Any] = {
    "cni": "antrea",
    "controlPlaneCertificateRotation": {"activate": True, "daysBefore": 90},
    "auditLogging": {"enabled": True},
    "podSecurityStandard": {"deactivated": False, "audit": "baseline", "warn": "baseline"},
    "apiServerEndpoint": "192.0.2.50",
    "aviAPIServerHAProvider": True,
    "vcenter": {
        "cloneMode": "fullClone",
        "server": "vc01.example.com",
        "datacenter": "/Site01",
        "datastore": "/Site01/datastore/DS01",
        "folder": "/Site01/vm/TKG",
        "network": "/Site01/network/TKG-WLD",
        "resourcePool": "/Site01/host/Cluster/Resources/TKG",
        "storagePolicyID": "",
        "tlsThumbprint": "AA:BB",
    },
    "user": {"sshAuthorizedKeys": ["ssh-ed25519 AAAA ops"]},
    "controlPlane": {"machine": {"numCPUs": 2, "diskGiB": 40, "memoryMiB": 8192}},
    "worker": {"machine": {"numCPUs": 2, "diskGiB": 40, "memoryMiB": 4096}},
}


def load(name: str) -> clusterclass.ClusterClass:
    found = clusterclass.load(name)
    assert found is not None
    return found


def told(name: str, **changes: Any) -> list[str]:
    return [problem.message for problem in load(name).check(VARIABLES | changes)]


def test_the_classes_there_are() -> None:
    assert [
        *(f"builtin-generic-v3.{minor}.0" for minor in range(1, 6)),
        "tanzukubernetescluster",
        *(f"tkg-vsphere-default-v{version}" for version in ("1.0.0", "1.1.0", "1.1.1", "1.2.0")),
    ] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_class_is_well_made(name: str) -> None:
    found = load(name)
    jsonschema.Draft7Validator.check_schema(found.schema)
    facts = found.schema[clusterclass.KEY]
    assert facts["class"] == name
    assert found.complete == (name == V100)
    assert found.unknown_fields == ("ignored" if name == V100 else "rejected")
    assert found.releases
    assert set(found.required) <= set(found.variables)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("tkg-")])
def test_what_tanzu_writes_is_accepted(name: str) -> None:
    assert not told(name)


def test_v100_is_the_union_of_its_revisions() -> None:
    found = load(V100)
    assert len(found.variables) == 35
    assert found.required == ("controlPlane", "vcenter")
    assert ("pci",) in found.added_after("2.1.0")
    assert ("proxy", "systemWide") in found.added_after("2.1.0")
    assert found.added_after("2.1.1") == (("additionalImageRegistries",),)
    assert found.added_after("2.2.0") == ()
    assert found.added_after("2.9") == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"workers": {}}, "unknown field `workers`, did you mean `worker`?"),
        ({"worker": {"count": 1}}, "unknown field `count` in `worker`, known are `machine`, `network`"),
        ({"cni": 5}, "`cni` must be a string, is an integer `5`; put it in quotes"),
        (
            {"controlPlaneCertificateRotation": {"daysBefore": 6}},
            "`controlPlaneCertificateRotation.daysBefore` must be at least 7, is `6`",
        ),
        (
            {"podSecurityStandard": {"audit": "Baseline"}},
            (
                '`podSecurityStandard.audit` must be one of `""`, `privileged`, `baseline`, `restricted`, '
                "is `Baseline`, did you mean `baseline`?"
            ),
        ),
        (
            {"apiServerExtraArgs": {"v": 4}},
            "`apiServerExtraArgs.v` must be a string, is an integer `4`; put it in quotes",
        ),
        (
            {"user": {"sshAuthorizedKey": "a"}},
            "unknown field `sshAuthorizedKey` in `user`, did you mean `sshAuthorizedKeys`?",
        ),
    ],
)
def test_faults(changes: dict[str, Any], message: str) -> None:
    assert told(V100, **changes) == [message]


def test_overrides_of_a_node_pool_need_not_be_whole() -> None:
    found = load(V100)
    assert found.check({"worker": {"machine": {"numCPUs": 4}}})
    assert not found.check({"worker": {"machine": {"numCPUs": 4}}}, partial=True)
    assert found.check({"worker": {"machine": {"numCPU": 4}}}, partial=True)


def test_vks() -> None:
    new = load("builtin-generic-v3.4.0")
    variables = {"vmClass": "best-effort-medium", "storageClass": "vsan", "kubernetes": {"endpointFQDNs": ["a.b"]}}
    assert not new.check(variables)
    assert [p.message for p in new.check({"storageClass": "vsan"})] == ["`vmClass` is missing"]
    assert [p.message for p in new.check(variables | {"ntp": "a.b"})] == ["unknown field `ntp`"]
    assert not load("tanzukubernetescluster").check({"vmClass": "a", "storageClass": "b", "ntp": "a.b"})


def test_families() -> None:
    assert load("builtin-generic-v3.7.0").schema == load("builtin-generic-v3.5.0").schema
    assert load("builtin-generic-v3.7.0").name == "builtin-generic-v3.7.0"
    fips = load("tkg-vsphere-default-v1.0.0-fips")
    assert not fips.complete
    assert fips.schema == load(V100).schema
    for name in ("my-class", "builtin-generic-v2.0.0", "tkg-aws-default-v1.0.0", "../estate", ""):
        assert clusterclass.load(name) is None


OWN = {
    "apiVersion": "cluster.x-k8s.io/v1beta1",
    "kind": "ClusterClass",
    "metadata": {"name": "own"},
    "spec": {
        "variables": [
            {"name": "size", "required": True, "schema": {"openAPIV3Schema": {"type": "string", "enum": ["S", "L"]}}},
            {"name": "zone", "required": True, "schema": {"openAPIV3Schema": {"type": "string", "default": "a"}}},
            {
                "name": "extra",
                "required": False,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            },
        ]
    },
}


def test_your_own_class() -> None:
    found = clusterclass.from_manifest(OWN)
    assert (found.name, found.complete, found.unknown_fields, found.required) == ("own", True, "rejected", ("size",))
    assert not found.check({"size": "S", "extra": {"any": 1}})
    assert [problem.message for problem in found.check({"siz": "S"})] == [
        "`size` is missing",
        "unknown field `siz`, did you mean `size`?",
    ]


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        [],
        {},
        {"kind": "Cluster", "spec": {}},
        {"kind": "ClusterClass"},
        OWN | {"spec": {"variables": [{"name": "a"}]}},
    ],
)
def test_what_is_no_class(manifest: Any) -> None:
    with pytest.raises(InputError):
        clusterclass.from_manifest(manifest)


def test_a_class_without_variables() -> None:
    assert not clusterclass.from_manifest({"kind": "ClusterClass", "spec": {}}).variables
