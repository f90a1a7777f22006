"""No credential in any output: canaries in every field, through every verb, format, error and crash."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command import Result
from tests.members.conftest import LAB, ROOT, SITES, Estate, Pki, encoded, make_jwt, make_kubeconfig, write
from validator.members import checks

CANARY = "cAnArYsecretVALUE"
FORMATS = ("text", "json", "sarif", "junit", "markdown", "gitlab", "github")


def hidden(text: str, canary: str = CANARY) -> bool:
    """Return whether neither the canary nor its base64, at any offset, is in a text."""
    forms = {canary}
    for shift in range(3):
        code = base64.b64encode(b"x" * shift + canary.encode()).decode()
        forms.add(code[4:-4])
    return not any(form in text for form in forms)


def all_hidden(result: Result) -> bool:
    return hidden(result.out) and hidden(result.err)


SECRETS: dict[str, dict[str, Any]] = {
    "token": {"token": CANARY},
    "token with blanks": {"token": f"a {CANARY} b"},
    "token with escapes": {"token": f"\x1b[31m{CANARY}"},
    "jwt": {"token": make_jwt(exp=1, sub=CANARY)},
    "jwt with a strange end": {"token": make_jwt(exp=CANARY, nbf=1e300)},
    "password": {"username": f"user-{CANARY}", "password": CANARY},
    "both": {"token": CANARY, "password": CANARY},
    "certificate": {"client-certificate-data": CANARY, "client-key-data": encoded(CANARY.encode())},
    "pem": {
        "client-certificate-data": encoded(
            f"-----BEGIN CERTIFICATE-----\n{CANARY}\n-----END CERTIFICATE-----".encode()
        ),
        "client-key-data": encoded(f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----".encode()),
    },
    "key alone": {"client-key-data": CANARY},
    "exec": {"exec": {"command": CANARY, "args": [CANARY], "env": [{"name": CANARY, "value": CANARY}]}},
    "provider": {"auth-provider": {"name": CANARY, "config": {"id-token": CANARY}}},
    "unknown field": {CANARY: CANARY, "tokn": CANARY},
    "number": {"token": 12345678901234567890},
    "list": {"token": [CANARY]},
    "mapping": {"client-key-data": {CANARY: CANARY}},
    "groups": {"token": "t", "as-groups": CANARY},
}


@pytest.mark.parametrize("title", SECRETS)
def test_no_verb_and_no_format_shows_a_credential(title: str, estate: Estate, pki: Pki, tmp_path: Path) -> None:
    value = make_kubeconfig(*SITES["site01"], pki, user=SECRETS[title])
    file = write(tmp_path / "k", value)
    for verb, format in (*(("check", format) for format in FORMATS), ("merge", "text"), ("merge", "json")):
        result = estate("members", verb, file, "--estate", LAB, "--format", format)
        assert all_hidden(result), result
        assert "1234567890123456" not in result.out + result.err
    assert all_hidden(estate("members", "merge", file, "--estate", LAB, "--all", "-o", tmp_path / "out"))


@pytest.mark.parametrize(
    "fields",
    [
        {"server": f"https://user:{CANARY}@192.168.60.40:6443"},
        {"server": f"https://{CANARY}@10.0.0.1:6443/?{CANARY}"},
        {"server": f"{CANARY}://10.0.0.1:6443".lower().replace("canarysecretvalue", "ftp")},
        {"proxy-url": f"http://user:{CANARY}@proxy:3128"},
        {"proxy-url": f"http://user:{CANARY}@[proxy"},
        {"certificate-authority-data": CANARY},
        {"certificate-authority-data": encoded(CANARY.encode())},
    ],
)
def test_no_url_and_no_authority_is_shown_whole(
    fields: dict[str, str], estate: Estate, pki: Pki, tmp_path: Path
) -> None:
    value = make_kubeconfig(*SITES["site01"], pki)
    value["clusters"][0]["cluster"].update(fields)
    file = write(tmp_path / "k", value)
    for verb in ("check", "merge"):
        assert all_hidden(estate("members", verb, file, "--estate", LAB))


@pytest.mark.parametrize(
    "text",
    [
        f"users: [{{name: a, user: {{token: *{CANARY}}}}}]",
        f"users: [{{name: a, user: {{token: &{CANARY} {CANARY}, x: *{CANARY}x}}}}]",
        f"users: [{{name: a, user: {{{CANARY}: 1, {CANARY}: 2}}}}]",
        f"users: [{{name: a, user: {{token: '{CANARY}}}}}]",
        f"users: [{{name: a, user: {{token: !{CANARY} x}}}}]",
        f"users: {{{CANARY}: {CANARY}}}",
        f"users: {CANARY}",
        CANARY,
        f"- {CANARY}",
        f"token: {CANARY}",
        f"%{CANARY}\n---\na: b",
        f"kind: {CANARY}\nusers: [{{name: a}}]",
        f"apiVersion: {CANARY}\nusers: [{{name: a}}]",
        f"a: b\n---\ntoken: {CANARY}",
        f"users: [{{name: a, user: {CANARY}}}]",
        f"users: [{{user: {{token: {CANARY}}}}}]",
        f"token: {CANARY}\x01",
        f"? [{CANARY}]\n: x",
        f"users:\n- name: a\n  user:\n    token: {CANARY}\n   bad: indent",
    ],
)
def test_no_error_of_the_reader_quotes_the_text(text: str, estate: Estate, tmp_path: Path) -> None:
    file = tmp_path / "k"
    file.write_text(text)
    for arguments in (
        ("check", file),
        ("merge", file),
        ("check", "-"),
        ("merge", "--token-secret", f"{SITES['site01'][0]}={file}"),
    ):
        result = estate("members", *arguments, "--estate", LAB, stdin=text.encode())
        assert result.code in (1, 2) and all_hidden(result), result
    inner = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "gslb-config-secret"}}
    for block in ({"stringData": {"gslb-members": text}}, {"data": {"gslb-members": encoded(text.encode())}}):
        result = estate("members", "check", "-", "--estate", LAB, stdin=json.dumps({**inner, **block}).encode())
        assert result.code in (1, 2) and all_hidden(result), result


@pytest.mark.parametrize("program", ["sops", "kubeseal"])
def test_what_a_program_says_is_told_without_what_it_was_given(
    program: str,
    estate: Estate,
    repository: Callable[[str], Path],
    programs: Callable[[str, str], Path],
    pki: Pki,
    tmp_path: Path,
) -> None:
    root = repository({"sops": "sops", "kubeseal": "sealed-secrets"}[program])
    programs(
        program, "print(clear, file=sys.stderr)\nprint('cannot: ' + clear[-200:].strip(), file=sys.stderr)\nsys.exit(1)"
    )
    files = [write(tmp_path / site, make_kubeconfig(*SITES[site], pki, user={"token": CANARY})) for site in SITES]
    result = estate("members", "merge", *files, "--estate", root, "--secrets")
    assert result.code == 2 and "failed with exit code 1" in result.err and all_hidden(result), result
    assert encoded(pki.authority)[:40] not in result.err


def test_a_check_that_crashes_tells_the_type_of_its_error_alone(
    estate: Estate, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(view: checks.View) -> Iterator[checks.Fault]:
        if view.members:
            raise ValueError(CANARY, view)
        yield from ()

    described = checks.all_checks()[0][0]
    monkeypatch.setattr(checks, "all_checks", lambda: ((described, crash),))
    file = write(tmp_path / "k", make_kubeconfig(*SITES["site01"], pki))
    result = estate("members", "check", file, "--estate", LAB)
    assert result.code == 2 and "crashed with ValueError" in result.out and all_hidden(result)


def test_nothing_that_holds_a_credential_shows_it_when_it_is_printed(pki: Pki, tmp_path: Path) -> None:
    from validator.members.gather import Wish, gather
    from validator.members.kubeconfig import read
    from validator.members.sources import read_kubeconfigs

    file = write(tmp_path / "k", make_kubeconfig(*SITES["site01"], pki, user={"token": CANARY}))
    (source,) = read_kubeconfigs((str(file),))
    config = read(source)
    gathered = gather(Wish((str(file),), estate=LAB))
    for thing in (
        source,
        config,
        config.users,
        gathered,
        gathered.merged,
        gathered.merged.members[0].user,
        gathered.report(),
    ):
        assert hidden(repr(thing))


def test_the_installed_command_shows_nothing_either(pki: Pki, tmp_path: Path) -> None:
    file = write(tmp_path / "k", make_kubeconfig(*SITES["site01"], pki, user={"token": f"a {CANARY}"}))
    command = [sys.executable, "-m", "validator", "members", "check", str(file), "--estate", str(LAB)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1 and "is no bearer token" in done.stdout
    assert hidden(done.stdout + done.stderr) and "Traceback" not in done.stderr
