"""Avi controllers on loopback: as much of their API as Terraform and Ansible need, strict where a real one is strict.

A controller refuses what it does not know: an object twice, a reference to nothing, a request without a session, a GSLB
site whose cluster or DNS virtual service is not there, a GSLB account that cannot log in. It never gives a password back.
"""

from __future__ import annotations

import json
import re
import secrets
import ssl
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

Data = dict[str, Any]

SINGLE = "cluster"
SENSITIVE = "<sensitive>"
BUILT_IN = (
    ("tenant", "admin"),
    ("role", "System-Admin"),
    ("useraccountprofile", "No-Lockout-User-Account-Profile"),
    ("networkprofile", "System-UDP-Per-Pkt"),
    ("networkprofile", "System-TCP-Proxy"),
    ("applicationprofile", "System-DNS"),
)
_BY_NAME = re.compile(r"/api/(\w+)/?\?name=([^&#]+)")
_BY_UUID = re.compile(r"(?:https://[^/]+)?/api/(\w+)/([\w-]+)(?:#.*)?")


class Refused(Exception):
    """What the controller answers when it does not do what it is asked for."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Controller:
    """One controller: its objects, the accounts that may log in, the calls in their order."""

    name: str
    password: str
    address: str = ""
    peers: list[Controller] = field(default_factory=list)
    objects: dict[str, dict[str, Data]] = field(default_factory=dict)
    calls: list[tuple[str, str, Data]] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    starting: int = 1
    """How often a virtual service is not up yet."""

    def __post_init__(self) -> None:
        self.uuid = f"cluster-{uuid.uuid4()}"
        self.accounts = {"admin": self.password}
        for kind, name in BUILT_IN:
            self.add(kind, {"name": name})

    def add(self, kind: str, body: Data) -> Data:
        """Put an object into the controller."""
        made = {**body, "uuid": f"{kind}-{uuid.uuid4()}"}
        made["url"] = f"https://{self.address}/api/{kind}/{made['uuid']}#{made.get('name', '')}"
        self.objects.setdefault(kind, {})[made["uuid"]] = made
        return made

    def only(self, kind: str, name: str) -> Data:
        """Return the one object of a name."""
        (found,) = (item for item in self.objects.get(kind, {}).values() if item.get("name") == name)
        return found

    def writes(self, kind: str) -> list[tuple[str, Data]]:
        """Return how an object type was written: method and body."""
        return [(method, body) for method, path, body in self.calls if method != "GET" and path.split("/")[0] == kind]

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Data) -> tuple[int, Data | None]:
        """Do what a request says."""
        self.calls.append((method, path, body))
        kind, _, rest = path.partition("/")
        if kind == SINGLE:
            return 200, {
                "uuid": self.uuid,
                "name": f"cluster-{self.name}",
                "url": f"https://{self.address}/api/cluster",
            }
        if path == "gslbsiteops/verify":
            return 200, {"rx_uuid": self.verify(body).uuid}
        if kind == "virtualservice-inventory":
            return 200, self.inventory(rest)
        if path.endswith("/runtime/detail"):
            return 200, self.runtime(rest.partition("/")[0])
        if method == "GET":
            return 200, self.found(kind, rest, query)
        if method == "DELETE":
            self.objects[kind].pop(rest)
            return 204, None
        return self.write(method, kind, rest, body)

    def found(self, kind: str, rest: str, query: dict[str, list[str]]) -> Data:
        """Return an object by its uuid, or a collection filtered by name and cloud."""
        items = self.objects.get(kind, {})
        if rest:
            if rest not in items:
                raise Refused(404, f"{kind} object not found!")
            one: Data = hidden(items[rest])
            return one
        cloud = query.get("cloud_ref.name", query.get("cloud_uuid", [""]))[0]
        results = [
            hidden(item)
            for item in items.values()
            if query.get("name", [item.get("name")])[0] == item.get("name")
            and (not cloud or "cloud_ref" not in item or cloud in item["cloud_ref"])
        ]
        return {"count": len(results), "results": results}

    def write(self, method: str, kind: str, rest: str, body: Data) -> tuple[int, Data]:
        """Make or replace an object; a PUT is the whole object."""
        sound = self.resolved(body)
        names = {item.get("name") for item in self.objects.get(kind, {}).values()}
        if method == "POST" and body.get("name") in names:
            raise Refused(409, f"{kind} with this Name and Tenant ref already exists.")
        if method == "PUT" and rest not in self.objects.get(kind, {}):
            raise Refused(404, f"{kind} object not found!")
        if kind == "gslb":
            self.federate(body)
        if kind == "user" and body.get("password", SENSITIVE) != SENSITIVE:
            self.accounts[body["username"]] = body["password"]
        if method == "POST":
            return 201, hidden(self.add(kind, sound))
        kept = self.objects[kind][rest]
        self.objects[kind][rest] = {**sound, "uuid": rest, "url": kept["url"]}
        return 200, hidden(self.objects[kind][rest])

    def resolved(self, value: Any) -> Any:
        """Return a body whose references are those of objects that are there."""
        if isinstance(value, dict):
            return {
                key: self.refer(key, item) if key.endswith("_ref") else self.resolved(item)
                for key, item in value.items()
            }
        return [self.resolved(item) for item in value] if isinstance(value, list) else value

    def refer(self, key: str, text: str) -> str:
        by_name, by_uuid = _BY_NAME.fullmatch(text), _BY_UUID.fullmatch(text)
        for item in self.objects.get((by_name or by_uuid or [""] * 3)[1], {}).values():
            if (by_name and item["name"] == by_name[2]) or (by_uuid and item["uuid"] == by_uuid[2]):
                return str(item["url"])
        raise Refused(400, f"{key}: {text} is not found")

    def federate(self, body: Data) -> None:
        """Refuse a GSLB configuration that a leader could not bring to its members."""
        if body["leader_cluster_uuid"] != self.uuid:
            raise Refused(400, "GSLB configuration can be changed on the leader only")
        if len(self.objects.get("gslb", {})) > 1:
            raise Refused(400, "there is a GSLB configuration")
        for site in body["sites"]:
            peer = self.verify(site)
            if site["cluster_uuid"] != peer.uuid:
                raise Refused(400, f"site {site['name']}: cluster uuid mismatch")
            for dns in site.get("dns_vses", []):
                if dns["dns_vs_uuid"] not in peer.objects.get("virtualservice", {}):
                    raise Refused(400, f"site {site['name']}: DNS VS not found")

    def verify(self, site: Data) -> Controller:
        """Return the controller that a site's addresses lead to; it must let the account in."""
        where = {item["addr"] for item in site["ip_addresses"]}
        for peer in (self, *self.peers):
            if peer.name in where:
                given = site["password"]
                if given != SENSITIVE and peer.accounts.get(site["username"]) != given:
                    raise Refused(400, f"site {site['name']}: authentication failed for {site['username']}")
                return peer
        raise Refused(400, f"site {site['name']}: no route to host")

    def inventory(self, given: str) -> Data:
        """Return a virtual service with its state: up after a while."""
        self.starting -= 1
        state = "OPER_INITIALIZING" if self.starting >= 0 else "OPER_UP"
        return {"config": hidden(self.objects["virtualservice"][given]), "runtime": {"oper_status": {"state": state}}}

    def runtime(self, given: str) -> Data:
        """Return the state of the federation."""
        sites = self.objects["gslb"][given]["sites"]
        return {
            "name": "GSLB",
            "site": [
                {"site_info": {"name": site["name"], "oper_status": {"state": "OPER_UP"}}, "glb_uuid": given}
                for site in sites
            ],
        }


def hidden(value: Any) -> Any:
    """Return an object as the API gives it back: without passwords."""
    if isinstance(value, dict):
        return {key: SENSITIVE if key == "password" else hidden(item) for key, item in value.items()}
    return [hidden(item) for item in value] if isinstance(value, list) else value


class _Handler(BaseHTTPRequestHandler):
    controller: ClassVar[Controller]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _do(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        parts = urlsplit(self.path)
        path = parts.path.strip("/")
        try:
            if path in {"login", "logout"}:
                self._login(path, raw)
                return
            self._admit()
            body = json.loads(raw) if raw else {}
            status, answer = self.controller.answer(
                self.command, path.removeprefix("api/"), parse_qs(parts.query, keep_blank_values=True), body
            )
            self._send(status, answer)
        except Refused as refused:
            self._send(refused.status, {"error": str(refused)})

    def _admit(self) -> None:
        pairs = (item.strip().split("=", 1) for item in self.headers.get("Cookie", "").split(";") if "=" in item)
        cookies = dict(pairs)
        if not {cookies.get("sessionid"), cookies.get("avi-sessionid")} & self.controller.sessions:
            raise Refused(401, "Invalid credentials")
        if not self.headers.get("X-Avi-Version"):
            raise Refused(400, "X-Avi-Version is missing")

    def _login(self, path: str, raw: bytes) -> None:
        given = _credentials(raw)
        if path == "login" and self.controller.accounts.get(str(given.get("username"))) != given.get("password"):
            raise Refused(401, "Invalid credentials")
        token = secrets.token_hex(8)
        self.controller.sessions.add(token)
        cookies = [f"{name}={token}; Path=/" for name in ("csrftoken", "sessionid", "avi-sessionid")]
        self._send(200, {"version": {"Version": "22.1.2"}, "user": {"username": given.get("username")}}, cookies)

    def _send(self, status: int, answer: Data | None, cookies: list[str] | None = None) -> None:
        raw = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for cookie in cookies or []:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _do  # noqa: N815  # names that http.server gives


def _credentials(raw: bytes) -> Data:
    """Return what a login sends: JSON, or a form."""
    if raw.startswith(b"{"):
        given: Data = json.loads(raw)
        return given
    return {key: values[0] for key, values in parse_qs(raw.decode()).items()}


@contextmanager
def running(controllers: list[Controller], certificate: Path) -> Iterator[None]:
    """Serve controllers on loopback over HTTPS, each on a port of its own; `certificate` holds key and certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ExitStack() as stack:
        for controller in controllers:
            controller.peers = [other for other in controllers if other is not controller]
            handler = type("Handler", (_Handler,), {"controller": controller})
            server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            server.daemon_threads = True
            server.socket = context.wrap_socket(server.socket, server_side=True)
            controller.address = f"127.0.0.1:{server.server_address[1]}"
            for items in controller.objects.values():
                for item in items.values():
                    item["url"] = re.sub(r"https://[^/]*", f"https://{controller.address}", item["url"])
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield
