"""API servers of clusters, on loopback: they answer lists as a Kubernetes API server does, or go wrong as a test says."""

import base64
import http.server
import json
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

Data = dict[str, Any]
UUID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
CONTEXTS = tuple(f"nsxbaas-tkg-wld-site0{n}-admin@nsxbaas-tkg-wld-site0{n}" for n in (1, 2))
CONTROLLER = "avi-l-01a.nsxbaas.homelab"
# No token of anything: what stands for one, and must never be seen in a report.
TOKEN = "eyJhbGciOiJSUzI1NiJ9.c2VjcmV0LXRva2Vu"  # noqa: S105
AVI = "/namespaces/avi-system"
STATEFULSETS, PODS = f"/apis/apps/v1{AVI}/statefulsets", f"/api/v1{AVI}/pods"
CONFIGMAPS = f"/api/v1{AVI}/configmaps"
CLUSTERS = f"/apis/amko.vmware.com/v1alpha1{AVI}/amkoclusters"
CONFIGS = f"/apis/amko.vmware.com/v1alpha1{AVI}/gslbconfigs"
POLICIES = f"/apis/amko.vmware.com/v1alpha2{AVI}/globaldeploymentpolicies"
RULES = f"/apis/amko.vmware.com/v1alpha1{AVI}/gslbhostrules"
INGRESSES = "/apis/networking.k8s.io/v1/namespaces/onlineshop/ingresses"

Raw = Callable[[http.server.BaseHTTPRequestHandler], None]


@dataclass
class Api:
    """One API server: objects by the path of their list, or a status, or anything else that a function sends."""

    lists: dict[str, list[Data] | int | Raw]
    asked: list[str] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)
    server: http.server.ThreadingHTTPServer | None = None
    scheme: str = "http"
    page: int = 0
    """Objects in one page, whatever the caller wants; 0 for all."""

    def start(self, certificate: Path | None = None) -> None:
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                api.asked.append(self.path)
                api.methods.add(self.command)
                api.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a caller that goes away in the middle is what some tests are about

        for method in ("POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.do_GET)
        self.server = Server(("127.0.0.1", 0), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"{self.scheme}://127.0.0.1:{self.server.server_port}"

    def answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
            send(handler, 401, status(401))
            return
        parts = urlsplit(handler.path)
        found = self.lists.get(parts.path, [])
        if isinstance(found, int):
            send(handler, found, status(found))
        elif isinstance(found, list):
            send(handler, 200, self._list(found, parse_qs(parts.query)))
        else:
            found(handler)

    def _list(self, items: list[Data], query: dict[str, list[str]]) -> Data:
        selector = query.get("fieldSelector", [""])[0].removeprefix("metadata.name=")
        items = [item for item in items if not selector or item["metadata"]["name"] == selector]
        start, size = int(query.get("continue", ["0"])[0]), self.page or len(items) or 1
        token = str(start + size) if start + size < len(items) else ""
        return {
            "kind": "List",
            "apiVersion": "v1",
            "metadata": {"continue": token},
            "items": items[start : start + size],
        }


def send(handler: http.server.BaseHTTPRequestHandler, code: int, data: Data) -> None:
    body = json.dumps(data).encode()
    handler.send_response(code)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int) -> Data:
    """Return what an API server says with an error; the message holds what must never be in a report."""
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "message": f"no: {TOKEN}"}


def kubeconfig(folder: Path, *apis: Api, **more: Any) -> Path:
    """Write a kubeconfig with the contexts of the lab, for API servers in that order."""
    data: Data = {"apiVersion": "v1", "kind": "Config", "clusters": [], "users": [], "contexts": []}
    for context, api in zip(CONTEXTS, apis, strict=False):
        data["clusters"].append({"name": context, "cluster": {"server": api.url, **more}})
        data["users"].append({"name": f"{context}-user", "user": {"token": TOKEN}})
        data["contexts"].append({"name": context, "context": {"cluster": context, "user": f"{context}-user"}})
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(data))
    return path


def trickle(handler: http.server.BaseHTTPRequestHandler) -> None:
    """Send the first bytes of an answer, one each half second, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.5)


def headers(handler: http.server.BaseHTTPRequestHandler) -> None:
    """Send one header after the other, for ever."""
    handler.send_response(200)
    for number in range(200):
        handler.send_header(f"X-{number}", "x")
        handler.flush_headers()
        time.sleep(0.5)


def raw(body: bytes) -> Raw:
    """Send a body as it is."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def silence(handler: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def healthy(site: int, vip: str) -> dict[str, list[Data] | int | Raw]:
    """Return the objects of a workload cluster of the lab as they are once all is well; site 1 leads."""
    leads = site == 1
    done = [
        ("current AMKOCluster Validation", "valid AMKOCluster object"),
        ("member cluster initialisation", "all cluster clients fetched"),
        ("member cluster validation", "validated all member clusters"),
        ("GSLBConfig Federation", "federated to all valid clusters successfully"),
        ("GDP Federation", "federated to all valid clusters successfully"),
    ]
    conditions = [{"type": kind, "status": text} for kind, text in done]
    if not leads:
        conditions = [
            {"type": done[0][0], "status": "won't federate objects", "reason": "AMKO not a leader"},
        ]
    return {
        STATEFULSETS: [stateful("ako", "1.9.2"), stateful("amko", "1.9.1")],
        PODS: [pod("ako", "ako"), pod("amko", "amko", "amko-federator")],
        CONFIGMAPS: [
            {"metadata": {"name": "kube-root-ca.crt"}, "data": {"deleteConfig": "true"}},
            {"metadata": {"name": "avi-k8s-config"}, "data": {"deleteConfig": "false"}},
        ],
        CLUSTERS: [
            {
                "metadata": {"name": "amkocluster-federation", "namespace": "avi-system"},
                "spec": {
                    "clusterContext": CONTEXTS[site - 1],
                    "clusters": list(CONTEXTS),
                    "isLeader": leads,
                    "version": "1.9.1",
                },
                "status": {"conditions": conditions},
            }
        ],
        CONFIGS: [
            {
                "metadata": {
                    "name": "gc-1",
                    "namespace": "avi-system",
                    "annotations": {"amko.vmware.com/amko-uuid": UUID},
                },
                "spec": {
                    "gslbLeader": {
                        "controllerIP": CONTROLLER,
                        "controllerVersion": "22.1.2",
                        "credentials": "gslb-avi-secret",
                    },
                    "memberClusters": [{"clusterContext": context} for context in reversed(CONTEXTS)],
                    "refreshInterval": 1800,
                    "logLevel": "INFO",
                    "useCustomGlobalFqdn": False,
                },
                **({"status": {"state": "success: gslb config accepted"}} if leads else {}),
            }
        ],
        POLICIES: [
            {
                "metadata": {"name": "global-gdp", "namespace": "avi-system"},
                "spec": {
                    "matchRules": {"appSelector": {"label": {"app": "gslb"}}},
                    "matchClusters": [{"cluster": context} for context in CONTEXTS],
                },
                **({"status": {"errorStatus": "success"}} if leads else {}),
            }
        ],
        RULES: [],
        INGRESSES: [ingress("onlineshop", "onlineshop.avi.nsxbaas.homelab", vip)],
    }


def stateful(name: str, version: str) -> Data:
    """Return a StatefulSet as the charts of AKO and AMKO make it, with its one pod ready."""
    containers = [{"name": name, "image": f"projects.registry.vmware.com/ako/{name}:{version}"}]
    if name == "amko":
        containers.append({"name": "amko-federator", "image": f"registry.example:5000/ako/amko-federator:{version}"})
    return {
        "metadata": {"name": name, "labels": {"app.kubernetes.io/version": version}},
        "spec": {"replicas": 1, "template": {"spec": {"containers": containers}}},
        "status": {"replicas": 1, "readyReplicas": 1},
    }


def pod(name: str, *containers: str, **changes: Any) -> Data:
    """Return the pod of a StatefulSet; `changes` are made to the status of its last container."""
    running = [{"name": c, "ready": True, "restartCount": 0, "state": {"running": {}}} for c in containers]
    running[-1].update(changes)
    return {
        "metadata": {"name": f"{name}-0", "ownerReferences": [{"kind": "StatefulSet", "name": name}]},
        "status": {"phase": "Running", "containerStatuses": running},
    }


def ingress(name: str, host: str, *addresses: str) -> Data:
    entries = [{"hostname": host, "ip": address} for address in addresses]
    return {
        "metadata": {"name": name, "namespace": name},
        "spec": {"ingressClassName": "avi-lb", "rules": [{"host": host}]},
        "status": {"loadBalancer": {"ingress": entries} if entries else {}},
    }


def encoded(text: bytes) -> str:
    return base64.b64encode(text).decode()
