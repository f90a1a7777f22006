"""`estate members check` from the command line: every check finds what it is for, and is silent without it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.members.conftest import LAB, SITES, Estate, Pki, encoded, make_jwt, make_kubeconfig, make_pki, write
from validator.members import checks

Config = dict[str, Any]
FIRST, SECOND = (f"{name}-admin@{name}" for name, _ in SITES.values())


def whole(first: Config, second: Config) -> Config:
    """Return two kubeconfigs as one."""
    return {**first, **{key: first[key] + second[key] for key in ("clusters", "users", "contexts")}}


@pytest.fixture
def config(pki: Pki, other_pki: Pki) -> Config:
    """Return a kubeconfig of both sites that nothing is wrong with: tokens, authorities, the right servers."""
    own = [
        make_kubeconfig(*SITES[site], one, user={"token": f"token-of-{site}"})
        for site, one in (("site01", pki), ("site02", other_pki))
    ]
    return whole(*own)


def test_a_right_kubeconfig_has_no_findings(estate: Estate, config: Config, tmp_path: Path) -> None:
    result = estate("members", "check", write(tmp_path / "k", config), "--estate", LAB)
    assert result.code == 0 and result.err == ""
    assert result.out.endswith("no findings in 1 files, 1 documents\n")
    assert f"{SECOND}: 192.168.70.40:6443, certificate authority until" in result.out


def server(text: str) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        config["clusters"][1]["cluster"]["server"] = text

    return change


def cluster(**fields: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        body = config["clusters"][1]["cluster"]
        body.update({key.replace("_", "-"): value for key, value in fields.items()})
        for key in [key for key, value in body.items() if value is None]:
            del body[key]

    return change


def user(**fields: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        config["users"][1]["user"] = {key.replace("_", "-"): value for key, value in fields.items()}

    return change


def context(**fields: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        config["contexts"][1]["context"].update(fields)

    return change


def name(text: str) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        config["contexts"][1]["name"] = text

    return change


def gone(config: Config) -> None:
    del config["contexts"][1]


def dropped_user(config: Config) -> None:
    del config["users"][1]


GOOD = make_pki(group="")
OTHER = make_pki(group="")
ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"


def pair(pki: Pki, **other: Any) -> Callable[[Config], None]:
    given = {"client_certificate_data": encoded(pki.certificate), "client_key_data": encoded(pki.key), **other}
    return user(**given)


CASES: list[tuple[str, Callable[[Config], None], str, str, str]] = [
    ("gone", gone, "member-missing", "error", f"no context `{SECOND}`"),
    ("misspelt", name(SECOND + "x"), "member-missing", "error", f"it has `{SECOND}x`"),
    ("other name, same server", name("laptop"), "member-missing", "error", "it has `laptop`"),
    ("misspelt", name(SECOND + "x"), "context-of-no-member", "warning", "is that of no member of `nsxbaas-lab`"),
    ("slash", name("default/api:6443/admin"), "member-context-refused", "error", "has a `/`"),
    ("other host", server("https://192.168.70.41:6443"), "member-server-differs", "error", "is `192.168.70.40:6443`"),
    ("other port", server("https://192.168.70.40"), "member-server-differs", "error", "leads to `192.168.70.40:443`"),
    ("a name", server("https://api.lab:6443"), "member-server-differs", "unverifiable", "only DNS knows"),
    ("no server", cluster(server=None), "member-without-https", "error", "has no server"),
    ("http", server("http://192.168.70.40:6443"), "member-without-https", "error", "is reached by `http`"),
    ("no url", server("192.168.70.40"), "member-without-https", "error", "is no URL"),
    ("bad port", server("https://192.168.70.40:99999"), "member-without-https", "error", "is no URL"),
    ("no cluster", context(cluster="x"), "dangling-context", "error", "names cluster `x`, which its kubeconfig"),
    ("no user", dropped_user, "dangling-context", "error", "names user `"),
    ("none named", context(user=""), "dangling-context", "error", "names no user"),
    ("exec", user(exec={"command": "tanzu"}), "credential-from-plugin", "error", "gets its credential from `exec`"),
    ("oidc", user(auth_provider={"name": "oidc"}), "credential-from-plugin", "error", "from `auth-provider`"),
    ("nothing", user(), "no-credential", "error", "has no credential"),
    ("placeholder", user(token="REPLACE-ME"), "no-credential", "error", "still has a placeholder as `token`"),
    ("basic", user(username="a", password="b"), "no-credential", "error", "no more since 1.19"),
    ("both", user(token="t", username="a", password="b"), "no-credential", "error", "a token and a password"),
    (
        "no key",
        user(client_certificate_data=encoded(GOOD.certificate)),
        "no-credential",
        "error",
        "without its key",
    ),
    ("no cert", user(client_key_data=encoded(GOOD.key)), "no-credential", "error", "without its client certificate"),
    ("file", user(tokenFile="/run/token"), "credential-in-file", "error", "write `token`"),
    (
        "file",
        cluster(certificate_authority_data=None, certificate_authority="ca.crt"),
        "credential-in-file",
        "error",
        "write `certificate-authority-data`",
    ),
    ("pem", cluster(certificate_authority_data="-----BEGIN"), "unreadable-credential", "error", "is not base64"),
    ("filler", cluster(certificate_authority_data="REPLACE-ME"), "unreadable-credential", "error", "a placeholder"),
    ("empty", cluster(certificate_authority_data="YWJj"), "unreadable-credential", "error", "holds no certificate"),
    (
        "broken",
        cluster(certificate_authority_data=encoded(GOOD.authority.replace(b"M", b"A", 3))),
        "unreadable-credential",
        "error",
        "holds a certificate that cannot be read",
    ),
    (
        "key beside",
        cluster(certificate_authority_data=encoded(GOOD.authority + GOOD.key)),
        "unreadable-credential",
        "error",
        "holds a private key, which belongs to no member",
    ),
    (
        "other key",
        pair(GOOD, client_key_data=encoded(OTHER.key)),
        "unreadable-credential",
        "error",
        "is not the key of the client certificate",
    ),
    (
        "passphrase",
        pair(GOOD, client_key_data=encoded(ENCRYPTED)),
        "unreadable-credential",
        "error",
        "is protected by a passphrase",
    ),
    ("blank", user(token="a b"), "unreadable-credential", "error", "is no bearer token"),
    ("expired", pair(make_pki(-1.5, group="")), "credential-expired", "error", "client certificate of"),
    ("expired", pair(make_pki(-1.5, group="")), "credential-expired", "error", ", 1 day ago"),
    ("not yet", pair(make_pki(100, group="", begins=5)), "credential-expired", "error", "not yet"),
    (
        "authority",
        cluster(certificate_authority_data=encoded(make_pki(authority_days=-2).authority)),
        "credential-expired",
        "error",
        "certificate authority of",
    ),
    ("token", user(token=make_jwt(exp=1500000000)), "credential-expired", "error", "token of"),
    ("soon", pair(make_pki(9, group="")), "credential-expires-soon", "warning", "in 9 days"),
    ("very soon", pair(make_pki(0.01, group="")), "credential-expires-soon", "warning", "in less than a day"),
    ("insecure", cluster(insecure_skip_tls_verify=True), "unverified-member", "error", "which client-go refuses"),
    (
        "insecure",
        cluster(insecure_skip_tls_verify=True, certificate_authority_data=None),
        "unverified-member",
        "warning",
        "does not verify its server",
    ),
    (
        "no authority",
        cluster(certificate_authority_data=None),
        "unverified-member",
        "warning",
        "has no certificate authority",
    ),
    ("proxy", cluster(proxy_url="http://proxy:3128"), "member-behind-proxy", "info", "`proxy:3128`"),
    ("proxy", cluster(proxy_url="socks5://proxy"), "member-behind-proxy", "info", "`proxy`"),
    ("admin", pair(make_pki()), "admin-credential", "info", "system:masters"),
    ("field", user(tokenfile="x", token="y"), "unknown-kubeconfig-field", "warning", "did you mean `tokenFile`?"),
]


@pytest.mark.parametrize(
    ("title", "change", "check", "severity", "message"), CASES, ids=[f"{c[2]}-{c[0]}" for c in CASES]
)
def test_one_thing_is_wrong(
    title: str,
    change: Callable[[Config], None],
    check: str,
    severity: str,
    message: str,
    estate: Estate,
    config: Config,
    tmp_path: Path,
) -> None:
    change(config)
    result = estate("members", "check", write(tmp_path / "k", config), "--estate", LAB, "--format", "json")
    assert (check, severity) in result.found, result
    mine = [one for one in result.report["findings"] if one["name"] == check]
    assert any(message in one["message"] for one in mine), mine
    assert result.code == (1 if "error" in {one["severity"] for one in result.report["findings"]} else 0)
    also = {"member-missing"} if "name" in change.__qualname__ else set()
    assert {one["name"] for one in result.report["findings"]} <= {check, "context-of-no-member", *also}


def test_every_check_is_tried_and_described(estate: Estate) -> None:
    elsewhere = {"two-contexts-one-server", "kubeconfig-too-large", "context-given-twice"}
    assert {one.name for one, _ in checks.all_checks()} == {case[2] for case in CASES} | elsewhere
    page = (LAB.parents[1] / "docs" / "members.md").read_text()
    for one, _ in checks.all_checks():
        assert list(one.sections) == ["What it finds", "Why it matters", "Bad", "Good", "Fix"], one.id
        assert all(one.sections.values()) and "Source: " in one.sections["Why it matters"] and one.sources
        assert f"| {one.id} | {one.name} | {one.severity.value} | {one.summary} |" in page
        for text in (one.id, one.name):
            result = estate("explain", text)
            assert result.code == 0 and result.out.startswith(f"{one.id} {one.name} ({one.severity.value}")


def test_no_check_has_the_name_of_a_rule() -> None:
    from validator.rules import all_rules

    assert not {one.name for one in all_rules()} & {one.name for one, _ in checks.all_checks()}
    assert len({one.name for one, _ in checks.all_checks()}) == len(checks.all_checks())


def test_the_rendered_template_is_told_as_one(estate: Estate, repository: Callable[[str], Path]) -> None:
    root = repository("sops")
    (file,) = root.glob("sites/site01/clusters/*/secrets/amko/gslb-config-secret.sops.yaml")
    result = estate("members", "check", file, "--estate", root)
    assert result.code == 1 and result.out.count("placeholder") == 4 and "without end" not in result.out


def test_a_finding_has_its_places_its_site_and_its_cluster(estate: Estate, config: Config, tmp_path: Path) -> None:
    server("https://192.168.70.41:6443")(config)
    file = write(tmp_path / "k", config)
    (found,) = estate("members", "check", file, "--estate", LAB, "--format", "json").report["findings"]
    lines = file.read_text().splitlines()
    assert found["rule"] == "MBR103" and (found["site"], found["cluster"]) == ("site02", SITES["site02"][0])
    assert lines[found["line"] - 1][found["column"] - 1 :].startswith('"server": "https://192.168.70.41')
    (related,) = found["related"]
    assert LAB.read_text().splitlines()[related["line"] - 1][related["column"] - 1 :].startswith("192.168.70.40")


def test_two_members_on_one_server(estate: Estate, config: Config, tmp_path: Path) -> None:
    server(SITES["site01"][1])(config)
    file = write(tmp_path / "k", config)
    # The estate says which of them is wrong; without it both may be.
    assert estate("members", "check", file, "--estate", LAB, "--format", "json").found == [
        ("member-server-differs", "error")
    ]
    result = estate("members", "check", file, "--format", "json", cwd=tmp_path)
    assert result.found == [("two-contexts-one-server", "error")]
    assert "no estate file" in result.err
    # A gateway with several clusters behind it.
    for one, path in zip(config["clusters"], ("/k8s/clusters/c-1", "/k8s/clusters/c-2"), strict=True):
        one["cluster"]["server"] = f"https://rancher.lab{path}"
    assert estate("members", "check", write(file, config), "--format", "json", cwd=tmp_path).found == []


def test_the_names_of_an_api_server_count_as_the_cluster(estate: Estate, config: Config, tmp_path: Path) -> None:
    text = LAB.read_text().replace(
        "endpoint: 192.168.70.40", "additionalFqdns: [api.lab]\n        endpoint: 192.168.70.40"
    )
    mine = tmp_path / "estate.yaml"
    mine.write_text(text)
    for host, code in (("API.Lab", 0), ("api.lab.", 0), ("other.lab", 1), ("192.168.70.40", 0)):
        server(f"https://{host}:6443")(config)
        assert estate("members", "check", write(tmp_path / "k", config), "--estate", tmp_path).code == code, host


def test_an_expiry_is_told_as_early_as_asked_for(estate: Estate, config: Config, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    user(token=make_jwt(exp=(now + timedelta(days=45, minutes=5)).timestamp()))(config)
    file = write(tmp_path / "k", config)
    assert estate("members", "check", file, "--estate", LAB, "--format", "json").found == []
    found = estate("members", "check", file, "--estate", LAB, "--format", "json", "--warn-days", "46")
    assert found.found == [("credential-expires-soon", "warning")] and found.code == 0
    assert "in 45 days" in found.report["findings"][0]["message"]
    assert estate("members", "check", file, "--estate", LAB, "--warn-days", "46", "--fail-on", "warning").code == 1
    assert estate("members", "check", file, "--estate", LAB, "--warn-days", "45", "--fail-on", "warning").code == 0


def test_an_authority_counts_until_the_last_of_its_bundle(estate: Estate, config: Config, tmp_path: Path) -> None:
    old = make_pki(authority_days=-2).authority
    cluster(certificate_authority_data=encoded(old + GOOD.authority))(config)
    assert estate("members", "check", write(tmp_path / "k", config), "--estate", LAB, "--format", "json").found == []


def test_a_key_behind_its_curve_parameters(estate: Estate, config: Config, tmp_path: Path) -> None:
    parameters = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    pair(GOOD, client_key_data=encoded(parameters + GOOD.key))(config)
    assert estate("members", "check", write(tmp_path / "k", config), "--estate", LAB, "--format", "json").found == []


def test_several_files_are_checked_as_one(estate: Estate, sites: tuple[Path, Path]) -> None:
    result = estate("members", "check", *sites, "--estate", LAB, "--format", "json")
    assert {name for name, _ in result.found} == {"admin-credential"} and result.report["summary"]["files"] == 2
    assert ("member-missing", "error") in estate(
        "members", "check", sites[0], "--estate", LAB, "--format", "json"
    ).found


@pytest.mark.parametrize("block", ["data", "stringData"])
def test_a_secret_in_the_clear_from_standard_input(block: str, estate: Estate, config: Config) -> None:
    text = json.dumps(config)
    held = {"gslb-members": encoded(text.encode()) if block == "data" else text}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "gslb-config-secret"}, block: held}
    for value in (secret, {"apiVersion": "v1", "kind": "List", "items": [{"kind": "ConfigMap"}, secret]}):
        result = estate("members", "check", "-", "--estate", LAB, stdin=json.dumps(value).encode())
        assert result.code == 0, result
    name(SECOND + "x")(config)
    secret[block] = {"gslb-members": encoded(json.dumps(config).encode()) if block == "data" else json.dumps(config)}
    result = estate("members", "check", "-", "--estate", LAB, "--format", "json", stdin=json.dumps(secret).encode())
    assert result.code == 1 and result.report["findings"][0]["path"] == "<stdin>"


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ({"data": {"gslb-members.yaml": "YQ=="}}, "has no key `gslb-members`"),
        ({"data": {"gslb-members": "%%"}}, "is not base64"),
        ({"stringData": {"gslb-members": "ENC[AES256_GCM,data:xx,type:str]"}}, "sops decrypt"),
        ({"stringData": {"gslb-members": "{"}}, "holds no kubeconfig"),
        ({"stringData": {"gslb-members": 3}}, "must be a string"),
        ({"stringData": {"gslb-members": ""}}, "holds 0 documents"),
    ],
)
def test_a_secret_without_a_kubeconfig(secret: Config, message: str, estate: Estate) -> None:
    value = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "gslb-config-secret"}, **secret}
    result = estate("members", "check", "-", "--estate", LAB, stdin=json.dumps(value).encode())
    assert result.code == 2 and message in result.err and "<stdin>" in result.err


def test_more_than_an_environment_variable_holds(estate: Estate, pki: Pki, tmp_path: Path) -> None:
    def sized(size: int) -> Path:
        one = make_kubeconfig("c", "https://10.0.0.1:6443", pki, user={"token": "t"})
        one["users"].append({"name": "x", "user": {"token": ""}})
        text = json.dumps(one)
        path = tmp_path / f"k{size}"
        path.write_text(text.replace('"token": ""', f'"token": "{"x" * (size - len(text))}"'))
        assert path.stat().st_size == size
        return path

    # What Linux does: a variable of 131,072 bytes with its name and its end is one too many from 131,073 on.
    for size, found in (
        (131059, [("kubeconfig-too-large", "warning")]),
        (131060, [("kubeconfig-too-large", "error")]),
        (100000, []),
    ):
        assert estate("members", "check", sized(size), "--format", "json", cwd=tmp_path).found == found, size


def test_linux_refuses_the_variable_that_the_check_refuses() -> None:
    import subprocess

    for size, runs in ((131059, True), (131060, False)):
        try:
            subprocess.run(["/bin/true"], env={"GSLB_CONFIG": "x" * size}, check=True)
            ran = True
        except OSError:
            ran = False
        assert ran is runs, size


def test_reports_in_pairs(estate: Estate, config: Config, tmp_path: Path) -> None:
    gone(config)
    file = write(tmp_path / "k", config)
    arguments = ("members", "check", file, "--estate", LAB, "--format", "text", "--format", "json")
    result = estate(*arguments, "--output", "-", "--output", tmp_path / "report.json")
    assert "error MBR101 member-missing" in result.out
    assert json.loads((tmp_path / "report.json").read_text())["summary"]["error"] == 1
    for format in ("sarif", "junit", "markdown", "gitlab", "github"):
        assert "MBR101" in estate("members", "check", file, "--estate", LAB, "--format", format).out


def test_checks_can_be_left_out_by_id_and_name(estate: Estate, config: Config, tmp_path: Path) -> None:
    gone(config)
    file = write(tmp_path / "k", config)
    for given in ("MBR101", "mbr101", "member-missing"):
        assert estate("members", "check", file, "--estate", LAB, "--ignore", given).code == 0
    result = estate("members", "check", file, "--estate", LAB, "--ignore", "nothing")
    assert result.code == 2 and "there is no check `nothing`" in result.err


@pytest.mark.parametrize(
    ("given", "message"),
    [("absent", "does not exist"), ("folder", "holds no `estate.yaml`"), ("broken", "needs `versions`")],
)
def test_an_estate_that_is_none(given: str, message: str, estate: Estate, config: Config, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken").write_text("name: a\n")
    file = write(tmp_path / "k", config)
    result = estate("members", "check", file, "--estate", tmp_path / given)
    assert result.code == 2 and message in result.err, result


def test_the_estate_here_is_taken(estate: Estate, config: Config, tmp_path: Path) -> None:
    (tmp_path / "estate.yaml").write_bytes(LAB.read_bytes())
    gone(config)
    write(tmp_path / "k", config)
    result = estate("members", "check", "k", cwd=tmp_path)
    assert result.code == 1 and "note: estate.yaml:" in result.out
