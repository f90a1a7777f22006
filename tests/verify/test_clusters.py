"""What clusters say, asked over HTTP of API servers on loopback."""

import copy
import datetime as dt
import ipaddress
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.command import Data, Result
from tests.verify import api
from tests.verify.api import CONTEXTS, TOKEN, Api, healthy, kubeconfig
from tests.verify.estates import HOST, HOSTS, VIP1, VIP2, lab, verify, verify_apart, with_app, write
from tests.verify.player import Player, in_turns

SITE1, SITE2 = "nsxbaas-tkg-wld-site01", "nsxbaas-tkg-wld-site02"


class Estate:
    """The lab with two API servers, healthy until a test changes what they serve."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = lab("192.0.2.11", "192.0.2.12")
        self.one, self.two = Api(healthy(1, VIP1)), Api(healthy(2, VIP2))

    def object(self, number: int, path: str) -> Data:
        """Return the one object, or the first, that a cluster serves at a path."""
        found = (self.one, self.two)[number - 1].lists[path]
        assert isinstance(found, list)
        return found[0]

    def verify(
        self, *options: str, format: str | None = "json", config: Path | None = None, apart: bool = False
    ) -> Result:
        config = config or kubeconfig(self.folder, self.one, self.two)
        given = ("--only", "kubernetes", "--kubeconfig", str(config), "--wait", "4")
        run = verify_apart if apart else verify
        return run(write(self.folder, self.data), *given, *options, format=format)


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[Estate]:
    found = Estate(tmp_path)
    found.one.start()
    found.two.start()
    yield found
    found.one.stop()
    found.two.stop()


def test_healthy_clusters_are_clean_and_only_read(estate: Estate) -> None:
    result = estate.verify(format="text", apart=True)
    assert (result.code, result.out) == (0, "no findings in 16 questions, 16 answered\n"), result
    assert estate.one.methods | estate.two.methods == {"GET"}
    assert not any("secrets" in path for path in (*estate.one.asked, *estate.two.asked))


def test_lists_that_come_in_pages(estate: Estate) -> None:
    estate.one.page = 1
    assert estate.verify().ids == []


Change = Callable[[Estate], None]


def stateful(name: str, **status: Any) -> Change:
    def change(estate: Estate) -> None:
        found = estate.one.lists[api.STATEFULSETS]
        assert isinstance(found, list)
        for item in found:
            if item["metadata"]["name"] == name:
                item["status"] = status

    return change


def put(number: int, path: str, value: Any, *keys: str | int) -> Change:
    """Change one field of the object at a path."""

    def change(estate: Estate) -> None:
        target: Any = estate.object(number, path)
        for key in keys[:-1]:
            target = target[key]
        target[keys[-1]] = value

    return change


def serve(number: int, path: str, value: Any) -> Change:
    """Let a cluster serve something else at a path."""

    def change(estate: Estate) -> None:
        (estate.one, estate.two)[number - 1].lists[path] = value

    return change


def both(*changes: Change) -> Change:
    def change(estate: Estate) -> None:
        for one in changes:
            one(estate)

    return change


def rules(number: int, condition: int, status: str, reason: str) -> Change:
    def change(estate: Estate) -> None:
        found = estate.object(number, api.CLUSTERS)["status"]["conditions"][condition]
        found["status"], found["reason"] = status, reason

    return change


WAITING = {"ready": False, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}
OTHER = "0b4e28ba-2fa1-41d2-883f-0016d3cca427"

FAULTS: dict[str, tuple[Change, str, str, str]] = {
    "AKO is not ready": (
        both(stateful("ako", replicas=1), serve(1, api.PODS, [api.pod("ako", "ako", **WAITING)])),
        "VER303",
        "error",
        f"AKO on `{SITE1}` has 0 of 1 pods ready: `ako: CrashLoopBackOff`",
    ),
    "AKO is not installed": (
        serve(1, api.STATEFULSETS, [api.stateful("amko", "1.9.1")]),
        "VER303",
        "error",
        f"AKO is not installed on `{SITE1}`",
    ),
    "AMKO's federator does not start": (
        both(
            stateful("amko", replicas=1, readyReplicas=0),
            serve(
                1, api.PODS, [api.pod("amko", "amko", "amko-federator", state={"waiting": {"reason": "ErrImagePull"}})]
            ),
        ),
        "VER304",
        "error",
        f"AMKO on `{SITE1}` has 0 of 1 pods ready: `amko-federator: ErrImagePull`",
    ),
    "a pod was restarted": (
        serve(1, api.PODS, [api.pod("ako", "ako", restartCount=2)]),
        "VER305",
        "info",
        f"a container of AKO on `{SITE1}` was restarted 2 times",
    ),
    "a pod is restarted all the time": (
        serve(1, api.PODS, [api.pod("ako", "ako", restartCount=41, lastState={"terminated": {"reason": "OOMKilled"}})]),
        "VER305",
        "warning",
        "restarted 41 times, last end: `ako: OOMKilled`",
    ),
    "another AKO": (
        serve(1, api.STATEFULSETS, [api.stateful("ako", "1.9.3"), api.stateful("amko", "1.9.1")]),
        "VER306",
        "error",
        f"AKO on `{SITE1}` is `1.9.3`, the estate file says `1.9.2`",
    ),
    "another version in the AMKOCluster": (
        put(2, api.CLUSTERS, "1.10.1", "spec", "version"),
        "VER306",
        "error",
        f"AMKOCluster on `{SITE2}` has version `1.10.1`, the estate file says `1.9.1`",
    ),
    "a release that cannot be told": (
        serve(2, api.STATEFULSETS, [api.stateful("ako", "latest"), api.stateful("amko", "1.9.1")]),
        "VER306",
        "unverifiable",
        f"the release of AKO on `{SITE2}` cannot be told",
    ),
    "nobody leads": (
        put(1, api.CLUSTERS, False, "spec", "isLeader"),
        "VER307",
        "error",
        f"`{SITE1}` does not lead AMKO, nor does another cluster",
    ),
    "a member could not be validated": (
        rules(1, 2, "error in validating some member clusters", "version mismatch, current AMKO: 1.9.1, AMKO in ..."),
        "VER308",
        "error",
        "`member cluster validation`: `error in validating some member clusters`: version mismatch",
    ),
    "the federator has said nothing": (
        put(1, api.CLUSTERS, {}, "status"),
        "VER308",
        "error",
        f"the AMKOCluster of leader `{SITE1}` has no status",
    ),
    "the controller does not lead GSLB": (
        put(1, api.CONFIGS, "error: controller not a leader", "status", "state"),
        "VER309",
        "error",
        "its state is `error: controller not a leader`",
    ),
    "AMKO still starts": (
        put(1, api.CONFIGS, "syncing all objects", "status", "state"),
        "VER309",
        "warning",
        "its state is `syncing all objects`",
    ),
    "AMKO needs a restart": (
        put(1, api.CONFIGS, "gslb config edited, amko needs a restart", "status", "state"),
        "VER309",
        "warning",
        "amko needs a restart",
    ),
    "a GSLBConfig without a state": (put(1, api.CONFIGS, {}, "status"), "VER309", "error", "it has no state"),
    "a policy that AMKO rejects": (
        put(1, api.POLICIES, "cluster context x not present in GSLBConfig", "status", "errorStatus"),
        "VER310",
        "error",
        "`cluster context x not present in GSLBConfig`",
    ),
    "another name on a follower": (
        put(2, api.CONFIGS, "gc-2", "metadata", "name"),
        "VER311",
        "error",
        f"GSLBConfig on `{SITE2}` is not that of `{SITE1}`: `metadata.name` differ",
    ),
    "a setting that the estate file does not have": (
        put(2, api.POLICIES, True, "spec", "controlPlaneHmOnly"),
        "VER311",
        "error",
        "`controlPlaneHmOnly` differ",
    ),
    "another controller": (
        put(2, api.CONFIGS, "avi-l-01b.nsxbaas.homelab", "spec", "gslbLeader", "controllerIP"),
        "VER312",
        "error",
        "has `avi-l-01b.nsxbaas.homelab` as `gslbLeader.controllerIP`, the estate file means `avi-l-01a.nsxbaas.homelab`",
    ),
    "a member too few": (
        put(2, api.CONFIGS, [{"clusterContext": CONTEXTS[0]}], "spec", "memberClusters"),
        "VER312",
        "error",
        f"as `memberClusters.{CONTEXTS[1]}`",
    ),
    "another selector": (
        put(1, api.POLICIES, {"app": "other"}, "spec", "matchRules", "appSelector", "label"),
        "VER312",
        "error",
        "has `other` as `matchRules.appSelector.label.app`, the estate file means `gslb`",
    ),
    "a traffic split that nobody asked for": (
        put(1, api.POLICIES, [{"cluster": CONTEXTS[0], "weight": 1, "priority": 0}], "spec", "trafficSplit"),
        "VER312",
        "error",
        "as `trafficSplit`, the estate file means nothing",
    ),
    "another context of its own": (
        put(2, api.CLUSTERS, CONTEXTS[0], "spec", "clusterContext"),
        "VER312",
        "error",
        "as `clusterContext`",
    ),
    "another log level": (
        put(2, api.CONFIGS, "DEBUG", "spec", "logLevel"),
        "VER312",
        "warning",
        "has `DEBUG` as `logLevel`, the estate file means `INFO`",
    ),
    "an Ingress without an address": (
        serve(2, api.INGRESSES, [api.ingress("onlineshop", HOST)]),
        "VER314",
        "error",
        f"Ingress `onlineshop` of `{HOST}` on `{SITE2}` has no address",
    ),
    "no Ingress": (serve(2, api.INGRESSES, []), "VER314", "error", f"cluster `{SITE2}` has no Ingress for `{HOST}`"),
    "AKO deletes": (
        serve(1, api.CONFIGMAPS, [{"metadata": {"name": "avi-k8s-config"}, "data": {"deleteConfig": "true"}}]),
        "VER315",
        "error",
        f"`deleteConfig` is true on `{SITE1}`",
    ),
    "no GSLBConfig": (serve(2, api.CONFIGS, []), "VER316", "error", f"`{SITE2}` has 0 GSLBConfig objects"),
    "AMKO's kinds are not there": (serve(2, api.POLICIES, 404), "VER316", "error", "the kind is not installed"),
    "two policies": (
        serve(1, api.POLICIES, [{"metadata": {"name": "a"}, "spec": {}}, {"metadata": {"name": "b"}, "spec": {}}]),
        "VER316",
        "error",
        "has 2 GlobalDeploymentPolicy objects in `avi-system`, it must have 1: `a`, `b`",
    ),
    "a kind that may not be listed": (
        serve(1, api.PODS, 403),
        "VER301",
        "unverifiable",
        f"cluster `{SITE1}` does not allow it (403), asked for `pods`",
    ),
    "an API server that fails": (serve(1, api.PODS, 500), "VER301", "unverifiable", "answers with status 500"),
    "no JSON": (serve(1, api.PODS, api.raw(b"<html>")), "VER301", "unverifiable", "something that is no JSON"),
    "JSON that is no list": (serve(1, api.PODS, api.raw(b'{"items": [1]}')), "VER301", "unverifiable", "no list"),
    "JSON without a bottom": (serve(1, api.PODS, api.raw(b"[" * 200000)), "VER301", "unverifiable", "no JSON"),
    "an answer without an end": (
        serve(1, api.PODS, api.raw(b'{"items": [' + b"{}," * 8_000_000)),
        "VER301",
        "unverifiable",
        "answers with more than 16 MiB",
    ),
    "an answer that drips in": (serve(1, api.PODS, api.trickle), "VER301", "unverifiable", "does not answer in time"),
    "silence": (serve(1, api.STATEFULSETS, api.silence), "VER301", "unverifiable", "does not answer in time"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_once_and_alone(estate: Estate, fault: str) -> None:
    change, id, severity, text = FAULTS[fault]
    change(estate)
    result = estate.verify()
    assert result.ids == [id], result.findings
    assert text in result.message(id)
    assert result.findings[0]["severity"] == severity
    assert result.code == (1 if severity == "error" else 0)


def test_two_leaders(estate: Estate) -> None:
    put(2, api.CLUSTERS, True, "spec", "isLeader")(estate)
    result = estate.verify()
    assert result.code == 1
    assert f"`{SITE1}`, `{SITE2}` all lead AMKO, the estate file says `{SITE1}` alone" in result.message("VER307")
    assert "VER308" in result.ids  # the second one's federator won't federate


def test_another_leader(estate: Estate) -> None:
    put(1, api.CLUSTERS, False, "spec", "isLeader")(estate)
    put(2, api.CLUSTERS, True, "spec", "isLeader")(estate)
    assert f"`{SITE2}` leads AMKO, the estate file says `{SITE1}`" in estate.verify().message("VER307")


def test_a_uuid_that_the_chart_sets(estate: Estate) -> None:
    """From 1.10.1 on the chart writes the UUID; before, AMKO makes one, which the leader copies to the others."""
    put(2, api.CONFIGS, OTHER, "metadata", "annotations", "amko.vmware.com/amko-uuid")(estate)
    assert estate.verify().ids == ["VER313", "VER313"]  # 1.9.1: the two only differ from each other
    estate.data["versions"].update(ako="1.10.5", amko="1.10.1")
    for one in (estate.one, estate.two):
        one.lists[api.STATEFULSETS] = [api.stateful("ako", "1.10.5"), api.stateful("amko", "1.10.1")]
    put(1, api.CLUSTERS, "1.10.1", "spec", "version")(estate)
    put(2, api.CLUSTERS, "1.10.1", "spec", "version")(estate)
    result = estate.verify()
    assert result.ids == ["VER313"]
    assert f"`{SITE2}` has `{OTHER}` as UUID, the estate file says `{api.UUID}`" in result.message("VER313")
    del estate.object(2, api.CONFIGS)["metadata"]["annotations"]
    assert f"`{SITE2}` has none as UUID" in estate.verify().message("VER313")


def standby(estate: Estate) -> Data:
    app = estate.data["apps"][0]
    app.update(mode="active-standby", primary="site01")
    split = [
        {"cluster": CONTEXTS[0], "weight": 1, "priority": 20},
        {"cluster": CONTEXTS[1], "weight": 1, "priority": 10},
    ]
    return {"metadata": {"name": "onlineshop"}, "spec": {"fqdn": HOST, "trafficSplit": split}}


def test_the_rule_of_a_standby_is_on_every_cluster(estate: Estate) -> None:
    rule = standby(estate)
    estate.one.lists[api.RULES] = [{**rule, "status": {"status": "Accepted"}}]
    assert f"`{SITE2}` has no GSLBHostRule for `{HOST}`" in estate.verify().message("VER312")
    other = copy.deepcopy(rule)
    other["spec"]["trafficSplit"][1]["priority"] = 20
    estate.two.lists[api.RULES] = [other]
    assert f"`trafficSplit.{CONTEXTS[1]}.priority`, the estate file means `10`" in estate.verify().message("VER312")
    estate.two.lists[api.RULES] = [rule]
    assert estate.verify().ids == []
    estate.one.lists[api.RULES] = [{**rule, "status": {"status": "Rejected", "error": "there's an existing rule"}}]
    assert "is rejected: there's an existing rule" in estate.verify().message("VER310")


def test_one_site_alone(estate: Estate) -> None:
    put(2, api.CLUSTERS, True, "spec", "isLeader")(estate)
    assert estate.verify("--site", "site01").ids == []
    assert not estate.two.asked
    assert "VER307" in estate.verify("--site", "site02").ids


def test_one_app_alone(estate: Estate) -> None:
    estate.data = with_app(estate.data, "other")
    assert estate.verify().ids == ["VER314", "VER314"]
    assert estate.verify("--app", "onlineshop").ids == []


# Access


def test_wrong_credentials_are_not_clean_and_not_shown(estate: Estate) -> None:
    path = kubeconfig(estate.folder, estate.one, estate.two)
    path.write_text(path.read_text().replace(TOKEN, "c2VjcmV0LW9mLWFub3RoZXI"))
    result = estate.verify(config=path)
    assert (result.code, result.ids) == (2, ["VER301", "VER301"])
    assert "does not accept the credentials (401)" in result.findings[0]["message"]
    assert "nothing was verified" in result.err
    assert result.report["summary"]["questions"] == {"asked": 2, "answered": 0}
    for text in (TOKEN, "c2VjcmV0"):
        assert text not in result.out + result.err


def test_one_of_two_clusters_answers(estate: Estate) -> None:
    estate.two.stop()
    result = estate.verify()
    assert (result.code, result.ids) == (0, ["VER301"])
    assert f"cluster `{SITE2}` cannot be reached" in result.message("VER301")
    assert estate.verify("--fail-on", "warning").code == 1


def test_a_context_that_no_kubeconfig_has(estate: Estate, tmp_path: Path) -> None:
    one = kubeconfig(tmp_path, estate.one)
    result = estate.verify(config=one)
    assert (result.code, result.ids) == (0, ["VER302"])
    assert f"no kubeconfig has the context `{CONTEXTS[1]}`" in result.message("VER302")
    folder = tmp_path / "second"
    folder.mkdir()
    data = yaml.safe_load(kubeconfig(folder, estate.two).read_text().replace(CONTEXTS[0], CONTEXTS[1]))
    (folder / "kubeconfig").write_text(json.dumps(data))
    assert estate.verify("--kubeconfig", str(folder / "kubeconfig"), config=one).ids == []


def test_a_program_for_credentials_is_not_run(estate: Estate, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, estate.one, estate.two)
    data = yaml.safe_load(path.read_text())
    witness = tmp_path / "was-run"
    data["users"][0]["user"] = {
        "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "touch", "args": [str(witness)]}
    }
    path.write_text(yaml.safe_dump(data))
    result = estate.verify(config=path)
    assert result.ids == ["VER301"]
    assert "gets credentials from a program, which is not run" in result.message("VER301")
    assert not witness.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a kubeconfig"),
        ("contexts: [", "is not YAML"),
        ("a: 1", "is not a kubeconfig"),
        (f"token: {TOKEN}\ntoken: {TOKEN}\n", "is not YAML"),
        (f"- {TOKEN}", "is not a kubeconfig"),
        (f"\x01{TOKEN}", "is not YAML"),
        (None, "is not a file"),
    ],
)
def test_files_that_are_no_kubeconfig(estate: Estate, tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "broken"
    if text is not None:
        path.write_text(text)
    result = estate.verify(config=path, format=None)
    assert result.code == 2
    assert message in result.err
    assert TOKEN not in result.out + result.err


def test_entries_of_a_kubeconfig_that_are_no_use(estate: Estate, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, estate.one, estate.two, **{"certificate-authority-data": "%%%" + TOKEN})
    path.write_text(path.read_text().replace("http://", "https://"))
    result = estate.verify(config=path)
    assert (result.code, set(result.ids)) == (2, {"VER301"})
    assert TOKEN not in result.out + result.err


def certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_tls_is_checked_with_the_authority_of_the_kubeconfig(tmp_path: Path) -> None:
    estate = Estate(tmp_path)
    pem = certificate(tmp_path)
    for one in (estate.one, estate.two):
        one.start(pem)
    try:
        inline = api.encoded((tmp_path / "ca.pem").read_bytes())
        for trust in ({"certificate-authority-data": inline}, {"certificate-authority": "ca.pem"}):
            assert estate.verify(config=kubeconfig(tmp_path, estate.one, estate.two, **trust)).ids == []
        assert (
            estate.verify(config=kubeconfig(tmp_path, estate.one, estate.two, **{"insecure-skip-tls-verify": True})).ids
            == []
        )
        result = estate.verify(config=kubeconfig(tmp_path, estate.one, estate.two))
        assert (result.code, result.ids) == (2, ["VER301", "VER301"])
        assert "has a certificate that the kubeconfig's authority did not sign" in result.findings[0]["message"]
    finally:
        estate.one.stop()
        estate.two.stop()


def test_a_redirect_is_not_followed(estate: Estate) -> None:
    def elsewhere(handler: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", f"{estate.two.url}{api.PODS}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    estate.one.lists[api.PODS] = elsewhere
    result = estate.verify("--site", "site01")
    assert not estate.two.asked
    assert "answers with status 302" in result.message("VER301")


@pytest.mark.parametrize("endless", [api.trickle, api.headers])
def test_an_api_server_that_never_ends_its_answers(estate: Estate, endless: Callable[[Any], None]) -> None:
    for path in list(estate.one.lists):
        estate.one.lists[path] = endless
    start = time.monotonic()
    result = estate.verify("--timeout", "8", apart=True)
    assert result.code == 0
    assert time.monotonic() - start < 30
    assert set(result.ids) <= {"VER301", "VER901"}
    assert f"cluster `{SITE1}`" in result.message("VER301")


# With the name servers


def test_the_addresses_of_the_ingresses_are_exact(
    estate: Estate, play: Callable[..., Player], net: str, port: int, tmp_path: Path
) -> None:
    """An address of the right network that the Ingress no longer has is stale, which the network alone does not show."""
    estate.data = lab(f"{net}.11", f"{net}.12")
    play(f"{net}.11", in_turns(VIP1, VIP2))
    play(f"{net}.12", in_turns(VIP1, "192.168.71.99"))
    options = ("--dns-port", str(port), "--parent-server", f"{net}.10:{port}", "--pause", "0", "--wait", "2")
    place = write(tmp_path, estate.data)
    without = verify(place, *options)
    assert without.ids == ["VER107"]
    result = verify(place, *options, "--kubeconfig", str(kubeconfig(tmp_path, estate.one, estate.two)))
    assert result.ids == ["VER107", "VER205"]
    message = result.message("VER205")
    assert f"`192.168.71.99` by `{HOSTS[1]}`, of the network of `{SITE2}`, whose Ingress does not have it" in message
    assert f"it has `{VIP2}`" in message
