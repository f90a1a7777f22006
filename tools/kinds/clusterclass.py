"""Write `schemas/clusterclass/`: `python -m tools.kinds.clusterclass FOLDER [OUT]`.

FOLDER holds, for each revision of tkg-vsphere-default-v1.0.0, a folder named for the TKG release (`2.1.0`, `2.1.1`,
`2.2.0`) with `base.yaml` and `overlay-kube-apiserver-admission.yaml` from packages/tkg-clusterclass-vsphere/bundle/
config/upstream of vmware-tanzu/tanzu-framework at that release's tag. The sources of later classes are not public:
what is known of those is written here, and marked as not complete.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

from tools.kinds.__main__ import write
from tools.kinds.builtin import FLAG, TEXT, WHOLE, choice, many, mapping, thing
from tools.kinds.union import union
from validator.schema.clusterclass import compose
from validator.schema.openapi import Schema, optional_nulls, strict

TKG = "tkg-vsphere-default"
REVISIONS = ("2.1.0", "2.1.1", "2.2.0")
PUBLIC = "vmware-tanzu/tanzu-framework, packages/tkg-clusterclass-vsphere, tags v0.28.0, v0.28.1 and v0.29.0"
SEEN = "public manifests and provider examples, on top of v1.0.0; the class itself is not public"
SERVICE = "public annotated manifests and the variable reference of vSphere Kubernetes Service"
OBJECT: Schema = {"type": "object"}


def main(folder: Path, out: Path) -> None:
    """Write a file for every class that is known."""
    revisions = [_variables(folder / name) for name in REVISIONS]
    variables: dict[str, Schema] = {}
    for one in revisions:
        for name, (schema, _) in one.items():
            variables[name] = union(variables[name], schema) if name in variables else schema
    required = [name for name, (_, needed) in revisions[-1].items() if needed]
    since: dict[str, list[tuple[str, ...]]] = {"2.1.0": []}
    since |= {
        name: _added(old, new) for name, old, new in zip(REVISIONS[1:], revisions[:-1], revisions[1:], strict=True)
    }
    facts: dict[str, Any] = {"complete": True, "unknownFields": "ignored", "releases": ["2.1", "2.2"], "since": since}
    _write(out, f"{TKG}-v1.0.0", variables, required, PUBLIC, **facts)
    for version, release in (("v1.1.0", "2.3"), ("v1.1.1", "2.4"), ("v1.2.0", "2.5")):
        facts = {"complete": False, "unknownFields": "rejected", "releases": [release]}
        _write(out, f"{TKG}-{version}", variables | _later(variables), required, SEEN, **facts)
    needed = ["storageClass", "vmClass"]
    for name, release in (("tanzukubernetescluster", "TKG service"), ("builtin-generic-v3.1.0", "VKS 3.1")):
        facts = {"complete": False, "unknownFields": "rejected", "releases": [release]}
        _write(out, name, SUPERVISOR_OLD, needed, SERVICE, **facts)
    for minor in range(2, 6):
        facts = {"complete": False, "unknownFields": "rejected", "releases": [f"VKS 3.{minor}"]}
        _write(out, f"builtin-generic-v3.{minor}.0", _supervisor(minor), needed, SERVICE, **facts)


def _write(out: Path, name: str, variables: dict[str, Schema], required: list[str], source: str, **facts: Any) -> None:
    properties = {key: optional_nulls(schema) for key, schema in variables.items()}
    write(out / f"{name}.json", compose(name, properties, required, source=source, **facts))


def _variables(folder: Path) -> dict[str, tuple[Schema, bool]]:
    """Return the variables of one revision with whether they must be given; the overlay replaces and adds some."""
    found: dict[str, tuple[Schema, bool]] = {}
    for file in ("base.yaml", "overlay-kube-apiserver-admission.yaml"):
        # ytt's own lines are comments that a YAML reader may trip over.
        text = re.sub(r"(?m)^\s*#[@!].*$", "", (folder / file).read_text("utf-8"))
        for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
            for variable in _spec(document).get("variables", ()):
                if "schema" in variable:
                    structural = variable["schema"]["openAPIV3Schema"]
                    needed = bool(variable.get("required")) and "default" not in structural
                    found[variable["name"]] = strict(structural, defaults=True), needed
    # Written by a webhook, whatever it is.
    found["TKR_DATA"] = OBJECT, False
    return found


def _spec(document: Any) -> dict[str, Any]:
    spec = document.get("spec") if isinstance(document, dict) else None
    return spec if isinstance(spec, dict) else {}


def _added(old: dict[str, tuple[Schema, bool]], new: dict[str, tuple[Schema, bool]]) -> list[tuple[str, ...]]:
    """Return the variables and fields that a revision brought; what stands inside a new one is not listed."""
    added = _paths(new) - _paths(old)
    return sorted(path for path in added if path[:-1] not in added)


def _paths(variables: dict[str, tuple[Schema, bool]]) -> set[tuple[str, ...]]:
    """Return the paths of all variables and of their fields."""
    found: set[tuple[str, ...]] = set()

    def walk(schema: Schema, path: tuple[str, ...]) -> None:
        found.add(path)
        for name, child in schema.get("properties", {}).items():
            walk(child, (*path, name))

    for name, (schema, _) in variables.items():
        walk(schema, (name,))
    return found


def _later(variables: dict[str, Schema]) -> dict[str, Schema]:
    """Return what TKG 2.3 and later add to the variables of v1.0.0, as far as it has been seen."""
    out: dict[str, Schema] = {
        "controlPlaneZoneMatchingLabels": mapping(TEXT),
        "nodePoolTaints": many(thing(effect=TEXT, key=TEXT, timeAdded={}, value=TEXT)),
        "security": thing(
            fileIntegrityMonitoring=thing(enabled=FLAG),
            imagePolicy=thing(
                pullAlways=FLAG,
                webhook=thing(
                    enabled=FLAG,
                    spec=thing(allowTTL=WHOLE, defaultAllow=FLAG, denyTTL=WHOLE, retryBackoff=WHOLE),
                ),
            ),
            kubeletOptions=thing(eventQPS=WHOLE, streamConnectionIdleTimeout=TEXT),
            systemCryptoPolicy=TEXT,
        ),
    }
    for name in ("controlPlane", "worker"):
        network = variables[name]["properties"]["network"]
        grown = network | {"properties": network["properties"] | {"mtu": WHOLE}}
        out[name] = variables[name] | {"properties": variables[name]["properties"] | {"network": grown}}
    return out


LEVEL = choice("", "privileged", "baseline", "restricted")
POD_SECURITY = thing(
    audit=LEVEL,
    auditVersion=TEXT,
    deactivated=FLAG,
    enforce=LEVEL,
    enforceVersion=TEXT,
    exemptions=thing(namespaces=many(TEXT)),
    warn=LEVEL,
    warnVersion=TEXT,
)
OLD_VOLUMES = many(
    thing(capacity=thing(storage={"type": ["integer", "string"]}), mountPath=TEXT, name=TEXT, storageClass=TEXT)
)
SUPERVISOR_OLD: dict[str, Schema] = {
    "TKR_DATA": OBJECT,
    "clusterEncryptionConfigYaml": TEXT,
    "controlPlaneCertificateRotation": thing(activate=FLAG, daysBefore=WHOLE | {"minimum": 7}),
    "controlPlaneVolumes": OLD_VOLUMES,
    "defaultRegistrySecret": thing(data=TEXT, name=TEXT, namespace=TEXT),
    "defaultStorageClass": TEXT,
    "defaultVolumeSnapshotClass": TEXT,
    "extensionCert": OBJECT,
    "kubeAPIServerFQDNs": many(TEXT),
    "nodePoolLabels": many(thing(key=TEXT, value=TEXT)),
    "nodePoolTaints": many(thing(effect=TEXT, key=TEXT, timeAdded={}, value=TEXT)),
    "nodePoolVolumes": OLD_VOLUMES,
    "ntp": TEXT,
    "podSecurityStandard": POD_SECURITY,
    "proxy": thing(httpProxy=TEXT, httpsProxy=TEXT, noProxy=many(TEXT)),
    "storageClass": TEXT,
    "storageClasses": many(TEXT),
    "trust": thing(additionalTrustedCAs=many(thing(name=TEXT))),
    "user": thing(passwordSecret=thing(key=TEXT, name=TEXT), sshAuthorizedKey=TEXT),
    "vmClass": TEXT,
}


def _supervisor(minor: int) -> dict[str, Schema]:
    """Return the variables of builtin-generic-v3.<minor>.0, which are grouped since 3.2."""
    system: dict[str, Schema] = {
        "ntp": thing("servers", servers=many(TEXT)),
        "systemProxy": thing("http https noProxy", http=TEXT, https=TEXT, noProxy=many(TEXT)),
        "trust": thing(
            "additionalTrustedCAs",
            additionalTrustedCAs=many(
                thing(caCert=thing(content=TEXT, secretRef=thing("key name", key=TEXT, name=TEXT)))
            ),
        ),
        "user": thing("user", passwordSecret=thing("key name", key=TEXT, name=TEXT), sshAuthorizedKey=TEXT, user=TEXT),
    }
    stores: dict[str, Schema] = {
        "availableStorageClasses": many(TEXT),
        "availableVolumeSnapshotClasses": many(TEXT),
        "defaultStorageClass": TEXT,
        "defaultVolumeSnapshotClass": TEXT,
    }
    if minor >= 3:
        system |= {
            "directoryJoin": thing(
                "credentialSecretRef domain",
                credentialSecretRef=TEXT,
                domain=TEXT,
                gmsaControlSecurityGroupDN=TEXT,
                organizationalUnitDN=TEXT,
            ),
            "fips": thing(enabled=FLAG),
            "sshd": thing(banner=TEXT),
            "ubuntuPro": thing(
                "tokenSecretRef",
                services=many(TEXT),
                settings=many(thing("key value", key=TEXT, value=TEXT)),
                tokenSecretRef=TEXT,
            ),
        }
    if minor >= 4:
        stores |= {"customizableStorageClassAnnotations": many(TEXT), "customizableStorageClassLabels": many(TEXT)}
        user = system["user"]
        system["user"] = user | {"properties": user["properties"] | {"password": thing(renewalDaysBeforeExpiry=WHOLE)}}
    return {
        "TKR_DATA": OBJECT,
        "kubernetes": thing(
            certificateRotation=thing(enabled=FLAG, renewalDaysBeforeExpiry=WHOLE | {"minimum": 7}),
            endpointFQDNs=many(TEXT),
            security=thing(podSecurityStandard=POD_SECURITY),
        ),
        "node": thing(
            labels=mapping(TEXT),
            taints=many(
                thing("effect key", effect=choice("NoSchedule", "PreferNoSchedule", "NoExecute"), key=TEXT, value=TEXT)
            ),
        ),
        "osConfiguration": thing(**system),
        "resourceConfiguration": thing(
            systemReserved=thing(
                automatic=FLAG, cpu={"type": ["integer", "string"]}, memory={"type": ["integer", "string"]}
            )
        ),
        "storageClass": TEXT,
        "vmClass": TEXT,
        "volumes": many(
            thing(
                "capacity mountPath name storageClass",
                capacity={"type": ["integer", "string"]},
                mountPath=TEXT,
                name=TEXT,
                storageClass=TEXT,
            )
        ),
        "vsphereOptions": thing(persistentVolumes=thing(**stores)),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "schemas/clusterclass"))
