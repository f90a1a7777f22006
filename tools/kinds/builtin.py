"""Kinds without a CustomResourceDefinition: `python -m tools.kinds.builtin [OUT]` writes their schemas.

Facts: k8s.io/api v0.34.0 (core/v1, networking/v1, rbac/v1) with the API server's own validation of their values, and
sigs.k8s.io/kustomize/api v0.21.1 (types/kustomization.go, read with unknown fields refused).
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.kinds.__main__ import write
from tools.kinds.envelope import DRAFT, LABEL, LABEL_1035, LABEL_VALUE, SEGMENT, SUBDOMAIN, wrap
from tools.kinds.share import share
from validator.schema.openapi import BASE64, Schema, optional_nulls

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
PORT: Schema = {"type": "integer", "minimum": 1, "maximum": 65535}
ANY: Schema = {}
HOST: Schema = {
    "type": "string",
    "maxLength": 253,
    "pattern": r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
}
# apimachinery: IsValidPortName (an IANA service name), IsQualifiedName, IsDomainPrefixedPath.
PORT_NAME: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 15,
    "pattern": r"^([0-9]+-)*[0-9]*[a-z](-?[a-z0-9])*$",
}
# The API server takes 0 for the same number as `port`.
PORT_OR_NAME: Schema = PORT | PORT_NAME | {"type": ["integer", "string"], "minimum": 0}
QUALIFIED: Schema = {
    "type": "string",
    "pattern": r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
    r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
}
PREFIXED_PATH: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 250,
    "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/"
    r"[!\x24-;=A-Z_a-z~]+$",
}
# Looser than the API server, which parses the address.
ADDRESS: Schema = {"type": "string", "pattern": r"^[0-9a-fA-F.:]+$"}
CLUSTER_ADDRESS: Schema = {"type": "string", "pattern": r"^(None|[0-9a-fA-F.:]*)$"}
RANGE: Schema = {"type": "string", "pattern": r"^ *[0-9a-fA-F.:]+/[0-9]{1,3} *$"}


def thing(required: str = "", /, **fields: Schema) -> Schema:
    """Return an object with these fields and no others."""
    out: Schema = {"type": "object", "properties": fields, "additionalProperties": False}
    return out | {"required": sorted(required.split())} if required else out


def many(item: Schema) -> Schema:
    """Return a list of such items."""
    return {"type": "array", "items": item}


def mapping(value: Schema) -> Schema:
    """Return a mapping with any keys and such values."""
    return {"type": "object", "additionalProperties": value}


def choice(*values: str) -> Schema:
    """Return a text out of these."""
    return {"type": "string", "enum": list(values)}


def exactly_one(schema: Schema, *names: str) -> Schema:
    """Return an object that must have one of these fields, and only one."""
    return schema | {"oneOf": [{"required": [name]} for name in names]}


SELECTOR = thing(
    matchLabels=mapping(TEXT),
    matchExpressions=many(
        thing(
            "key operator",
            key=TEXT,
            operator=choice("In", "NotIn", "Exists", "DoesNotExist"),
            values=many(TEXT),
        )
    ),
)
OBJECT_REFERENCE = thing(
    apiVersion=TEXT, fieldPath=TEXT, kind=TEXT, name=TEXT, namespace=TEXT, resourceVersion=TEXT, uid=TEXT
)

SERVICE = thing(
    allocateLoadBalancerNodePorts=FLAG,
    clusterIP=CLUSTER_ADDRESS,
    clusterIPs=many(CLUSTER_ADDRESS),
    externalIPs=many(ADDRESS),
    externalName=TEXT,
    externalTrafficPolicy=choice("Cluster", "Local"),
    healthCheckNodePort={"type": "integer", "minimum": 0, "maximum": 65535},
    internalTrafficPolicy=choice("Cluster", "Local"),
    ipFamilies=many(choice("IPv4", "IPv6")),
    ipFamilyPolicy=choice("SingleStack", "PreferDualStack", "RequireDualStack"),
    loadBalancerClass=QUALIFIED,
    loadBalancerIP=TEXT,
    loadBalancerSourceRanges=many(RANGE),
    ports=many(
        thing(
            "port",
            appProtocol=TEXT,
            name=LABEL,
            nodePort={"type": "integer", "minimum": 0, "maximum": 65535},
            port=PORT,
            protocol=choice("TCP", "UDP", "SCTP"),
            targetPort=PORT_OR_NAME,
        )
    ),
    publishNotReadyAddresses=FLAG,
    selector=mapping(LABEL_VALUE),
    sessionAffinity=choice("ClientIP", "None"),
    sessionAffinityConfig=thing(clientIP=thing(timeoutSeconds={"type": "integer", "minimum": 1, "maximum": 86400})),
    trafficDistribution=TEXT,
    type=choice("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
)

BACKEND = exactly_one(
    thing(
        resource=thing("kind name", apiGroup=TEXT, kind=SEGMENT, name=SEGMENT),
        service=thing(
            "name port", name=LABEL_1035, port=exactly_one(thing(name=PORT_NAME, number=PORT), "name", "number")
        ),
    ),
    "resource",
    "service",
)
INGRESS = thing(
    defaultBackend=BACKEND,
    ingressClassName=SUBDOMAIN,
    rules=many(
        thing(
            host=HOST,
            http=thing(
                "paths",
                paths=many(
                    thing(
                        "backend pathType",
                        backend=BACKEND,
                        path=TEXT,
                        pathType=choice("Exact", "Prefix", "ImplementationSpecific"),
                    )
                ),
            ),
        )
    ),
    tls=many(thing(hosts=many(HOST), secretName=TEXT)),
) | {"anyOf": [{"required": ["defaultBackend"]}, {"required": ["rules"]}]}
INGRESS_CLASS = thing(
    "controller",
    controller=PREFIXED_PATH,
    parameters=thing(
        "kind name",
        apiGroup=SUBDOMAIN,
        kind=SEGMENT,
        name=SEGMENT,
        namespace=LABEL,
        scope=choice("Cluster", "Namespace"),
    ),
)

RBAC = "rbac.authorization.k8s.io"
RULES = many(
    thing(
        "verbs",
        apiGroups=many(TEXT),
        nonResourceURLs=many(TEXT),
        resourceNames=many(TEXT),
        resources=many(TEXT),
        verbs=many(TEXT) | {"minItems": 1},
    )
)
SUBJECTS = many(
    thing(
        "kind name",
        apiGroup=choice(RBAC, ""),
        kind=choice("User", "Group", "ServiceAccount"),
        name=TEXT | {"minLength": 1},
        namespace=TEXT,
    )
)


def role_reference(*kinds: str) -> Schema:
    """Return a reference to a role of one of these kinds."""
    # The API server fills in an empty group.
    return thing("kind name", apiGroup=choice(RBAC, ""), kind=choice(*kinds), name=SEGMENT)


STATUS: Schema = {"type": "object"}
KINDS: dict[tuple[str, str, str], Schema] = {
    ("", "v1", "ConfigMap"): thing(
        binaryData=mapping({"type": "string", "pattern": BASE64}), data=mapping(TEXT), immutable=FLAG
    ),
    ("", "v1", "Namespace"): thing(spec=thing(finalizers=many(TEXT)), status=STATUS),
    ("", "v1", "Secret"): thing(
        data=mapping({"type": "string", "pattern": BASE64}), immutable=FLAG, stringData=mapping(TEXT), type=TEXT
    ),
    ("", "v1", "Service"): thing("spec", spec=SERVICE, status=STATUS),
    ("", "v1", "ServiceAccount"): thing(
        automountServiceAccountToken=FLAG,
        imagePullSecrets=many(thing(name=TEXT)),
        secrets=many(OBJECT_REFERENCE),
    ),
    ("networking.k8s.io", "v1", "Ingress"): thing("spec", spec=INGRESS, status=STATUS),
    ("networking.k8s.io", "v1", "IngressClass"): thing("spec", spec=INGRESS_CLASS),
    (RBAC, "v1", "ClusterRole"): thing(aggregationRule=thing(clusterRoleSelectors=many(SELECTOR)), rules=RULES),
    (RBAC, "v1", "ClusterRoleBinding"): thing("roleRef", roleRef=role_reference("ClusterRole"), subjects=SUBJECTS),
    (RBAC, "v1", "Role"): thing(rules=RULES),
    (RBAC, "v1", "RoleBinding"): thing("roleRef", roleRef=role_reference("Role", "ClusterRole"), subjects=SUBJECTS),
}

GVK = {"group": TEXT, "version": TEXT, "kind": TEXT}
RESOURCE = {**GVK, "name": TEXT, "namespace": TEXT}
TARGET = thing(**RESOURCE, annotationSelector=TEXT, labelSelector=TEXT)
FIELDS = many(thing(**GVK, path=TEXT, create=FLAG))
FIELD_OPTIONS = thing(create=FLAG, delimiter=TEXT, encoding=TEXT, index=WHOLE)
GENERATOR_OPTIONS = thing(annotations=mapping(TEXT), disableNameSuffixHash=FLAG, immutable=FLAG, labels=mapping(TEXT))
GENERATOR = {
    "behavior": choice("create", "merge", "replace"),
    "env": TEXT,
    "envs": many(TEXT),
    "files": many(TEXT),
    "literals": many(TEXT),
    "name": TEXT,
    "namespace": TEXT,
    "options": GENERATOR_OPTIONS,
}
PATCH = thing(options=mapping(FLAG), patch=TEXT, path=TEXT, target=TARGET)
IMAGE = thing(digest=TEXT, name=TEXT, newName=TEXT, newTag=TEXT, tagSuffix=TEXT)
KUSTOMIZATION = thing(
    bases=many(TEXT),
    buildMetadata=many(choice("managedByLabel", "originAnnotations", "transformerAnnotations")),
    commonAnnotations=mapping(TEXT),
    commonLabels=mapping(TEXT),
    components=many(TEXT),
    configMapGenerator=many(thing(**GENERATOR)),
    configurations=many(TEXT),
    crds=many(TEXT),
    generatorOptions=GENERATOR_OPTIONS,
    generators=many(TEXT),
    helmChartInflationGenerator=many(
        thing(
            chartHome=TEXT,
            chartName=TEXT,
            chartRepoName=TEXT,
            chartRepoUrl=TEXT,
            chartVersion=TEXT,
            extraArgs=many(TEXT),
            helmBin=TEXT,
            helmHome=TEXT,
            releaseName=TEXT,
            releaseNamespace=TEXT,
            values=TEXT,
            valuesLocal={"type": "object"},
            valuesMerge=TEXT,
        )
    ),
    helmCharts=many(
        thing(
            additionalValuesFiles=many(TEXT),
            apiVersions=many(TEXT),
            debug=FLAG,
            devel=FLAG,
            includeCRDs=FLAG,
            kubeVersion=TEXT,
            name=TEXT,
            namespace=TEXT,
            nameTemplate=TEXT,
            releaseName=TEXT,
            repo=TEXT,
            skipHooks=FLAG,
            skipTests=FLAG,
            valuesFile=TEXT,
            valuesInline={"type": "object"},
            valuesMerge=TEXT,
            version=TEXT,
        )
    ),
    helmGlobals=thing(chartHome=TEXT, configHome=TEXT),
    images=many(IMAGE),
    imageTags=many(IMAGE),
    labels=many(thing(fields=FIELDS, includeSelectors=FLAG, includeTemplates=FLAG, pairs=mapping(TEXT))),
    metadata=thing(annotations=mapping(TEXT), labels=mapping(TEXT), name=TEXT, namespace=TEXT),
    namePrefix=TEXT,
    nameSuffix=TEXT,
    namespace=TEXT,
    openapi=mapping(TEXT),
    patches=many(PATCH),
    patchesJson6902=many(PATCH),
    patchesStrategicMerge=many(TEXT),
    replacements=many(
        thing(
            path=TEXT,
            source=thing(**RESOURCE, fieldPath=TEXT, options=FIELD_OPTIONS),
            sourceValue=TEXT,
            targets=many(
                thing("select", fieldPaths=many(TEXT), options=FIELD_OPTIONS, reject=many(TARGET), select=TARGET)
            ),
        )
    ),
    replicas=many(thing("count", count=WHOLE, name=TEXT)),
    resources=many(TEXT),
    secretGenerator=many(thing(**GENERATOR, type=TEXT)),
    sortOptions=thing(
        legacySortOptions=thing(orderFirst=many(TEXT), orderLast=many(TEXT)), order=choice("legacy", "fifo")
    ),
    transformers=many(TEXT),
    validators=many(TEXT),
    vars=many(
        thing(
            "name objref",
            fieldref=thing(fieldPath=TEXT, fieldpath=TEXT),
            name=TEXT,
            objref=thing("name", **RESOURCE, apiVersion=TEXT),
        )
    ),
)
KUSTOMIZE = {"kustomization_v1beta1": "Kustomization", "component_v1alpha1": "Component"}


def main(out: Path) -> None:
    """Write the schemas of the built-in kinds and of the two kinds that only kustomize reads."""
    for (group, version, kind), body in KINDS.items():
        source = "k8s.io/api v0.34.0 and the API server's validation"
        schema = wrap(group, version, kind, optional_nulls(body), source)
        write(out / (group or "core") / f"{kind.lower()}_{version}.json", share(schema))
    group = "kustomize.config.k8s.io"
    for name, kind in KUSTOMIZE.items():
        api_version = f"{group}/{name.partition('_')[2]}"
        body = optional_nulls(KUSTOMIZATION)
        own = {"apiVersion": choice(api_version), "kind": choice(kind)}
        schema = {
            "$schema": DRAFT,
            "title": f"{kind} {api_version}",
            "$comment": "sigs.k8s.io/kustomize/api v0.21.1, types/kustomization.go",
            **body,
            "properties": own | body["properties"],
        }
        write(out / group / f"{name}.json", share(schema))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "schemas/kinds"))
