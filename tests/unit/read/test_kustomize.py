"""What kustomize makes of names, namespaces and folders, as `kustomize build` 5.5 does."""

from __future__ import annotations

from validator.model import Cluster
from validator.read.estate import read_files
from validator.read.files import SourceFile

OBJECTS = """
apiVersion: v1
kind: Namespace
metadata: {name: old}
---
apiVersion: v1
kind: Service
metadata: {name: web}
---
apiVersion: v1
kind: Secret
metadata: {name: tls}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: avi-lb
  tls: [{secretName: tls}, {secretName: elsewhere}]
  defaultBackend: {service: {name: web}}
  rules:
    - http: {paths: [{backend: {service: {name: web}}}, {backend: {service: {name: elsewhere}}}]}
"""
AMKO = """
apiVersion: amko.vmware.com/v1alpha1
kind: AMKOCluster
metadata: {name: a, namespace: avi-system}
spec: {clusterContext: CONTEXT}
"""


def clusters(**files: str) -> list[Cluster]:
    """Read files; `__` in a name stands for `/`."""
    sources = [
        SourceFile(name.replace("__", "/").replace("_yaml", ".yaml"), text.encode()) for name, text in files.items()
    ]
    return read_files(sources, "").clusters


def test_a_prefix_and_a_namespace_reach_what_refers_to_them() -> None:
    amko = AMKO.replace("CONTEXT", "one")
    kustomization = "namespace: new\nnamePrefix: p-\nnameSuffix: -s\nresources: [objects.yaml, amko.yaml]\n"
    cluster = clusters(Kustomization=kustomization, objects_yaml=OBJECTS, amko_yaml=amko)[0]
    assert [item.name for item in cluster.of("Namespace")] == ["new"]
    assert [(item.namespace, item.name) for item in cluster.of("Service")] == [("new", "p-web-s")]
    ingress = cluster.of("Ingress")[0]
    assert [entry["secretName"] for entry in ingress.spec["tls"]] == ["p-tls-s", "elsewhere"]
    assert ingress.get("spec", "defaultBackend", "service", "name") == "p-web-s"
    paths = ingress.get("spec", "rules", 0, "http", "paths")
    assert [path["backend"]["service"]["name"] for path in paths] == ["p-web-s", "elsewhere"]
    at = ingress.at("spec", "rules", 0, "http", "paths", 0, "backend", "service", "name")
    assert at.locate() == (22, 49)


def test_overlays_that_nothing_here_applies_are_clusters_and_their_base_is_none() -> None:
    overlay = (
        "resources: [../base]\npatches:\n  - target: {kind: AMKOCluster}\n"
        "    patch: '[{op: replace, path: /spec/clusterContext, value: NAME}]'\n"
    )
    found = clusters(
        base__kustomization_yaml="resources: [amko.yaml]",
        base__amko_yaml=AMKO,
        one__kustomization_yaml=overlay.replace("NAME", "one"),
        two__kustomization_yaml=overlay.replace("NAME", "two"),
    )
    assert sorted((cluster.name, cluster.context) for cluster in found) == [("one", "one"), ("two", "two")]


def test_a_copy_in_an_archive_is_no_cluster() -> None:
    found = clusters(
        one__amko_yaml=AMKO.replace("CONTEXT", "one"), archive__one__amko_yaml=AMKO.replace("CONTEXT", "old")
    )
    assert [cluster.context for cluster in found] == ["one"]
