"""The schemas of the kinds: complete, self-contained, strict, and without a word copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.unit.schema.kind_samples import MATCHING, faulty, good, schemas
from validator import schema
from validator.schema.kinds import folder
from validator.schema.patterns import MEANINGS

ALL = schemas()
WANTED = """
ako.vmware.com: HostRule v1alpha1 v1beta1, HTTPRule v1alpha1 v1beta1, AviInfraSetting v1alpha1 v1beta1,
    L4Rule v1alpha2, L7Rule v1alpha2, SSORule v1alpha2, MultiClusterIngress v1alpha1, ServiceImport v1alpha1,
    ClusterSet v1alpha1, HealthMonitor v1alpha1, ApplicationProfile v1alpha1, PKIProfile v1alpha1,
    RouteBackendExtension v1alpha1
amko.vmware.com: GSLBHostRule v1alpha1, GlobalDeploymentPolicy v1alpha2, GSLBConfig v1alpha1, AMKOCluster v1alpha1
networking.tkg.tanzu.vmware.com: AKODeploymentConfig v1alpha1
cluster.x-k8s.io: Cluster v1beta1 v1beta2
run.tanzu.vmware.com: ClusterBootstrap v1alpha3
csi.tanzu.vmware.com: VSphereCSIConfig v1alpha1
cpi.tanzu.vmware.com: VSphereCPIConfig v1alpha1
cni.tanzu.vmware.com: AntreaConfig v1alpha1
kustomize.toolkit.fluxcd.io: Kustomization v1
helm.toolkit.fluxcd.io: HelmRelease v2
source.toolkit.fluxcd.io: GitRepository v1, OCIRepository v1 v1beta2, HelmRepository v1, Bucket v1, HelmChart v1
argoproj.io: Application v1alpha1, ApplicationSet v1alpha1, AppProject v1alpha1
bitnami.com: SealedSecret v1alpha1
external-secrets.io: ExternalSecret v1, SecretStore v1, ClusterSecretStore v1
networking.k8s.io: Ingress v1, IngressClass v1
core: Secret v1, Namespace v1, ServiceAccount v1, Service v1, ConfigMap v1
rbac.authorization.k8s.io: Role v1, RoleBinding v1, ClusterRole v1, ClusterRoleBinding v1
kustomize.config.k8s.io: Kustomization v1beta1, Component v1alpha1
externaldns.k8s.io: DNSEndpoint v1alpha1
"""


def wanted() -> Iterator[tuple[str, str]]:
    for line in WANTED.replace(",\n    ", ", ").strip().splitlines():
        group, _, kinds = line.partition(": ")
        for entry in kinds.split(", "):
            kind, *versions = entry.split()
            for version in versions:
                yield ("" if group == "core" else f"{group}/") + version, kind


@pytest.mark.parametrize(("api_version", "kind"), list(wanted()))
def test_every_kind_of_the_catalogue_has_a_schema(api_version: str, kind: str) -> None:
    assert schema.known(api_version, kind)


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping of a schema that is itself a schema."""
    if not isinstance(node, dict):
        return
    yield node
    for word in ("properties", "definitions"):
        for child in node.get(word, {}).values():
            yield from parts(child)
    for word in ("items", "additionalProperties", "not"):
        yield from parts(node.get(word))
    for word in ("oneOf", "anyOf", "allOf"):
        for child in node.get(word, ()):
            yield from parts(child)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_schema_is_well_made(name: str) -> None:
    root = ALL[name]
    jsonschema.Draft7Validator.check_schema(root)
    assert root["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert root["additionalProperties"] is False
    (api_version,), (kind,) = (root["properties"][key]["enum"] for key in ("apiVersion", "kind"))
    group, _, version = api_version.rpartition("/")
    assert name == f"{group or 'core'}/{kind.lower()}_{version}"
    assert root["title"] == f"{kind} {api_version}"
    known = {"$ref", "$schema", "$comment", "title", "definitions", "type", "properties", "required", "enum", "items"}
    known |= {"additionalProperties", "oneOf", "anyOf", "pattern", "minimum", "maximum", "minLength", "maxLength"}
    known |= {"minItems", "maxItems", "minProperties", "maxProperties"}
    for part in parts(root):
        assert set(part) <= known
        if "$ref" in part:
            assert list(part) == ["$ref"]
            assert part["$ref"].removeprefix("#/definitions/") in root["definitions"]
        if part is not root:
            assert not {"title", "$comment"} & set(part)


@pytest.mark.parametrize("name", sorted(ALL))
def test_good_documents_are_accepted(name: str) -> None:
    for full in (False, True):
        document = good(ALL[name], full=full)
        assert not schema.check(document["apiVersion"], document["kind"], document)


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_single_fault_is_found(name: str) -> None:
    document = good(ALL[name], full=True)
    for what, bad in faulty(ALL[name], document, 60):
        found = schema.check(bad["apiVersion"], bad["kind"], bad)
        assert found or "other case" in what, what
        assert all(problem.message.isprintable() for problem in found), what


def test_metadata_is_the_same_everywhere_but_for_the_form_of_the_name() -> None:
    forms = set()
    for root in ALL.values():
        if (
            "metadata" in root.get("definitions", {})
            and "ownerReferences" in root["definitions"]["metadata"]["properties"]
        ):
            fields = dict(root["definitions"]["metadata"]["properties"])
            fields.pop("name")
            forms.add(repr(sorted(fields.items())))
    assert len(forms) == 1


def test_every_meaning_and_every_sample_is_of_a_pattern_in_use() -> None:
    used = {part["pattern"] for root in ALL.values() for part in parts(root) if "pattern" in part}
    assert used == set(MATCHING)
    assert set(MEANINGS) <= used
    for pattern, text in MATCHING.items():
        assert re.search(pattern, text)


def test_the_folder_holds_nothing_else() -> None:
    others = [path.name for path in folder().rglob("*") if path.is_file() and path.suffix != ".json"]
    assert others == ["README.md"]
