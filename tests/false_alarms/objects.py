"""Variants with more objects in the clusters: what stands beside GSLB, and more of AKO's and AMKO's own."""

from __future__ import annotations

from tests.false_alarms.manifests import add_app
from tests.false_alarms.tree import Tree
from tests.false_alarms.variant import of_tree, of_tree_commit

DOMAIN = {"nsxbaas-lab": "avi.nsxbaas.homelab", "northwind": "apps.northwind.example", "acme-edge": "gslb.acme.example"}


@of_tree("lab", "argocd", "three-sites")
def platform_of_a_cluster(tree: Tree) -> None:
    """Certificates, DNS, policies, metrics, backups, storage: the usual platform."""
    add_app(
        tree,
        "platform.yaml",
        """
apiVersion: v1
kind: Namespace
metadata: {name: platform, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    privateKeySecretRef: {name: letsencrypt}
    solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: platform}
spec: {secretName: web-tls, dnsNames: [web.example.com], issuerRef: {name: letsencrypt, kind: ClusterIssuer}}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: extra, namespace: platform}
spec: {endpoints: [{dnsName: a.example.com, recordType: A, recordTTL: 60, targets: [192.0.2.1]}]}
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: labels}
spec:
  rules:
    - name: x
      match: {any: [{resources: {kinds: [Ingress]}}]}
      mutate: {patchStrategicMerge: {metadata: {labels: {+(team): "{{request.object.metadata.namespace}}"}}}}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: ako, namespace: platform}
spec: {groups: [{name: ako, rules: [{alert: Down, expr: "up == 0", for: 5m}]}]}
---
apiVersion: velero.io/v1
kind: Schedule
metadata: {name: daily, namespace: platform}
spec: {schedule: "0 3 * * *", template: {ttl: 720h0m0s}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: gold}
provisioner: csi.vsphere.vmware.com
parameters: {storagepolicyname: gold}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: platform}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: platform}
spec: {minReplicas: 1, maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: clean, namespace: platform}
spec:
  schedule: "@daily"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox, args: ["${X}"]}]}}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: viewer}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {view: "true"}}]}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: viewers, namespace: platform}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: viewer}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "oidc:viewers"}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: platform}
automountServiceAccountToken: false
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  names: {kind: Thing, plural: things, singular: thing}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: one, namespace: platform}
spec: {enabled: "yes", at: "2026-01-01"}
---
apiVersion: v1
kind: Secret
metadata: {name: sa-token, namespace: platform, annotations: {kubernetes.io/service-account.name: deployer}}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: Secret
metadata: {name: empty, namespace: platform}
type: kubernetes.io/dockerconfigjson
data: {.dockerconfigjson: e30K}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: web}
webhooks: []
""",
    )


@of_tree("lab", "argocd", "three-sites")
def ingresses_of_other_controllers(tree: Tree) -> None:
    """Ingresses of other classes, with TLS, a wildcard or no host."""
    add_app(
        tree,
        "nginx.yaml",
        """
apiVersion: v1
kind: Namespace
metadata: {name: other}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: other}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}, {name: grpc, port: 9000}]}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: traefik}
spec: {controller: traefik.io/ingress-controller}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: other
  labels: {app: web}
  annotations: {nginx.ingress.kubernetes.io/rewrite-target: /, cert-manager.io/cluster-issuer: letsencrypt}
spec:
  ingressClassName: nginx
  tls: [{hosts: [web.example.com], secretName: web-tls}]
  rules:
    - host: web.example.com
      http: {paths: [{path: /(.*), pathType: ImplementationSpecific, backend: {service: {name: web, port: {name: http}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: any, namespace: other}
spec:
  ingressClassName: traefik
  rules:
    - http: {paths: [{path: /x, pathType: Exact, backend: {service: {name: web, port: {number: 9000}}}}]}
    - host: "*.wild.example.com"
""",
    )


@of_tree("lab", "argocd", "three-sites")
def gateways(tree: Tree) -> None:
    """The Gateway API of another implementation beside AKO's Ingress."""
    add_app(
        tree,
        "gateway.yaml",
        """
apiVersion: v1
kind: Namespace
metadata: {name: mesh}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: istio.io/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: mesh, namespace: mesh}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: "*.mesh.example.com", allowedRoutes: {namespaces: {from: All}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: mesh}
spec:
  parentRefs: [{name: mesh}]
  hostnames: [web.mesh.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web, namespace: mesh}
spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}
""",
    )


@of_tree("lab", "argocd", "three-sites")
def services_of_all_kinds(tree: Tree) -> None:
    """Services that nobody selects: headless, external, with node ports, of another class of load balancers."""
    add_app(
        tree,
        "services.yaml",
        """
apiVersion: v1
kind: Namespace
metadata: {name: svc}
---
apiVersion: v1
kind: Service
metadata: {name: headless, namespace: svc}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: outside, namespace: svc}
spec: {type: ExternalName, externalName: db.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: node, namespace: svc}
spec: {type: NodePort, selector: {app: x}, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: v1
kind: Service
metadata: {name: metal, namespace: svc}
spec: {type: LoadBalancer, loadBalancerClass: metallb.io/metallb, selector: {app: x}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: dual, namespace: svc}
spec: {ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4], selector: {app: x}, ports: [{port: 80, targetPort: 8080, protocol: TCP}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: manual, namespace: svc}
subsets: [{addresses: [{ip: 192.0.2.9}], ports: [{port: 9}]}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: manual-1, namespace: svc, labels: {kubernetes.io/service-name: manual}}
addressType: IPv4
ports: [{port: 9}]
endpoints: [{addresses: [192.0.2.9]}]
""",
    )


@of_tree("three-sites")
def more_rules_of_ako(tree: Tree) -> None:
    """L4Rule, L7Rule, SSORule and AviInfraSetting, each used where it may be."""
    add_app(
        tree,
        "ako-rules.yaml",
        """
apiVersion: ako.vmware.com/v1alpha2
kind: L4Rule
metadata: {name: mqtt, namespace: shop}
spec:
  analyticsProfileRef: System-Analytics-Profile
  backendProperties:
    - {port: 8883, protocol: TCP, healthMonitorRefs: [System-TCP], lbAlgorithm: LB_ALGORITHM_LEAST_CONNECTIONS}
---
apiVersion: ako.vmware.com/v1alpha2
kind: L7Rule
metadata: {name: shop, namespace: shop}
spec:
  allowInvalidClientCert: false
  closeClientConnOnConfigUpdate: false
---
apiVersion: ako.vmware.com/v1beta1
kind: HostRule
metadata: {name: shop, namespace: shop}
spec:
  virtualhost:
    fqdn: shop.gslb.acme.example
    l7Rule: shop
    gslb: {includeAliases: false}
    httpPolicy: {policySets: [shop-policy], overwrite: false}
    errorPageProfile: shop-errors
    datascripts: [shop-ds]
    tcpSettings: {listeners: [{port: 443, enableSSL: true}, {port: 80}]}
---
apiVersion: ako.vmware.com/v1beta1
kind: AviInfraSetting
metadata: {name: edge}
spec:
  network:
    vipNetworks: [{networkName: edge, cidr: 10.99.0.0/24}]
    enableRhi: true
    bgpPeerLabels: [a]
  l7Settings: {shardSize: SMALL}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: edge}
spec:
  controller: ako.vmware.com/avi-lb
  parameters: {apiGroup: ako.vmware.com, kind: AviInfraSetting, name: edge}
""",
    )


@of_tree("lab", "argocd", "three-sites")
def objects_as_kubectl_prints_them(tree: Tree) -> None:
    """A dump of a cluster: status, managed fields, times without quotes, a list."""
    add_app(
        tree,
        "dump.yaml",
        """
apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
  - apiVersion: v1
    kind: Namespace
    metadata:
      creationTimestamp: 2025-02-03T04:05:06Z
      name: dumped
      resourceVersion: "123"
      uid: 3f0f3f52-6e0b-4a52-9d0a-2f8a51d4c6be
      labels: {kubernetes.io/metadata.name: dumped}
    spec: {finalizers: [kubernetes]}
    status: {phase: Active}
  - apiVersion: apps/v1
    kind: Deployment
    metadata:
      annotations: {deployment.kubernetes.io/revision: "1"}
      creationTimestamp: "2025-02-03T04:05:06Z"
      generation: 1
      name: web
      namespace: dumped
      managedFields:
        - apiVersion: apps/v1
          fieldsType: FieldsV1
          fieldsV1: {"f:spec": {}}
          manager: kubectl
          operation: Update
          time: 2025-02-03T04:05:06Z
    spec:
      progressDeadlineSeconds: 600
      replicas: 1
      selector: {matchLabels: {app: web}}
      template:
        metadata: {creationTimestamp: null, labels: {app: web}}
        spec: {containers: [{name: web, image: "nginx:1.27"}]}
    status:
      conditions:
        - {type: Available, status: "True", lastTransitionTime: 2025-02-03T04:05:06Z, lastUpdateTime: 2025-02-03 04:05:06Z}
  - apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: dumped, creationTimestamp: 2025-02-03T04:05:06Z}
    spec:
      clusterIP: 10.96.0.7
      clusterIPs: [10.96.0.7]
      internalTrafficPolicy: Cluster
      ipFamilies: [IPv4]
      ipFamilyPolicy: SingleStack
      ports: [{port: 80, protocol: TCP, targetPort: 80}]
      selector: {app: web}
      sessionAffinity: None
      type: ClusterIP
    status: {loadBalancer: {}}
""",
    )


of_tree_commit("lab", "argocd", "three-sites")(platform_of_a_cluster)
of_tree_commit("lab", "argocd", "three-sites")(ingresses_of_other_controllers)
of_tree_commit("lab", "argocd", "three-sites")(objects_as_kubectl_prints_them)
