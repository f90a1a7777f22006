"""The Secret that each AMKO takes the members from, written by the backend of the estate; clear text is never on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validator.errors import InputError, ToolError
from validator.facts import names
from validator.finding import Action, Edit
from validator.lifecycle.yaml_text import yaml_text
from validator.members import program
from validator.members.expected import Declaration
from validator.members.merge import Member
from validator.members.sources import Source, parse, read_file
from validator.read.documents import Document, Ref
from validator.read.exact import load_all
from validator.read.manifest import dig
from validator.secrets.placeholder import is_encrypted

Data = dict[str, Any]

SOPS, EXTERNAL = "sops", "external-secrets"
_SOPS_HINT = "install sops 3.9 or later, and see that `.sops.yaml` names the recipients"
_SEAL_HINT = "install kubeseal; without access to the cluster give its certificate: --cert CLUSTER=FILE"
_SCOPES = ("cluster-wide", "namespace-wide")
_SCOPE = "sealedsecrets.bitnami.com/"


@dataclass(frozen=True, slots=True)
class Target:
    """The manifest of one AMKO's members, in the repository of the estate."""

    cluster: str
    context: str
    path: Path
    shown: str


@dataclass(frozen=True, slots=True)
class Written:
    """A manifest as it is to be."""

    target: Target
    content: bytes = field(repr=False)


def targets(estate: Declaration) -> list[Target]:
    """Return the manifests that the template made for every cluster that runs AMKO; raise InputError without them."""
    return [
        _target(estate, cluster, secret["path"])
        for site in estate.data["sites"]
        for cluster in site["clusters"]
        for release in cluster["releases"]
        for secret in release["secrets"]
        if secret["name"] == names.MEMBERS_SECRET
    ]


def encrypted(
    estate: Declaration, text: str, certificates: Mapping[str, Path], found: Sequence[Target] | None = None
) -> list[Written]:
    """Return the manifest of every AMKO with the kubeconfig in it, encrypted; nothing is written."""
    places = targets(estate) if found is None else found
    unknown = certificates.keys() - {target.cluster for target in places}
    if unknown:
        raise InputError(f"--cert: cluster `{min(unknown)}` runs no AMKO")
    if estate.data["secrets"]["backend"] == SOPS:
        return [Written(target, _sops(estate, target, text)) for target in places]
    return [Written(target, _sealed(estate, target, text, certificates.get(target.cluster))) for target in places]


def put(manifests: Sequence[Written]) -> None:
    """Write manifests, all of them beside their place first, then each into it by a rename."""
    ready: list[tuple[Path, Path]] = []
    try:
        for one in manifests:
            temporary = one.target.path.with_name(f".{one.target.path.name}.{os.getpid()}.part")
            ready.append((temporary, one.target.path))
            temporary.write_bytes(one.content)
            temporary.chmod(one.target.path.stat().st_mode & 0o777)
        for temporary, path in ready:
            temporary.replace(path)
    except OSError as error:
        raise InputError(
            f"cannot be written: {(error.strerror or 'error').lower()}", path=str(error.filename)
        ) from None
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)


def store_values(estate: Declaration, members: Sequence[Member]) -> dict[str, dict[str, str]]:
    """Return what an external store must hold, by key and property; raise InputError for a member without a token."""
    prefix = estate.data["secrets"]["externalSecrets"]["prefix"]
    found = {}
    for member in members:
        expected = estate.members.get(member.name)
        if expected is None:
            continue
        authority = member.cluster.text("certificate-authority-data") if member.cluster else ""
        token = member.user.text("token") if member.user else ""
        if not authority or not token:
            raise InputError(
                f"context `{member.name}` has no {'token' if authority else 'certificate authority'}, and the ExternalSecret of this "
                "estate takes `ca` and `token` of every member",
                hint="make an account for AMKO: `estate members rbac`, then `--token-secret CLUSTER=FILE`",
            )
        found[f"{prefix}/{expected.cluster}/{names.MEMBER_ACCOUNT}"] = {"ca": authority, "token": token}
    return found


def store_text(values: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the values for a store as JSON."""
    return (json.dumps(values, indent=2) + "\n").encode()


def _target(estate: Declaration, cluster: Data, relative: str) -> Target:
    path = estate.root / relative
    if not path.resolve().is_relative_to(estate.root.resolve()):
        raise InputError("is a link that leaves the repository", path=str(path))
    if not path.is_file():
        hint = "give the `estate.yaml` of the rendered repository; `estate new` renders one"
        raise InputError(
            f"does not exist; cluster `{cluster['name']}` runs AMKO and needs it", path=str(path), hint=hint
        )
    return Target(cluster["name"], cluster["context"], path, relative)


def _manifest(target: Target, kind: str) -> Source:
    """Return the manifest that is there: the template, or what an earlier run made of it."""
    content = read_file(target.path, str(target.path))
    trees = parse(content, str(target.path))
    if len(trees) != 1 or dig(trees[0].value, ("kind",)) != kind:
        raise InputError(f"holds no {kind}, which the backend of the estate needs here", path=str(target.path))
    source = Source(str(target.path), None, trees[0], len(content))
    if dig(source.value, ("metadata", "name")) != names.MEMBERS_SECRET:
        raise source.error(f"must be named `{names.MEMBERS_SECRET}`", "metadata", "name")
    return source


def _sops(estate: Declaration, target: Target, text: str) -> bytes:
    source = _manifest(target, "Secret")
    given = source.value
    for block in ("data", "stringData"):
        others = [key for key in given.get(block) or {} if key != names.MEMBERS_KEY]
        if others:
            hint = "keep it in a Secret of its own"
            raise source.error(
                f"has another key, `{others[0]}`, which would be lost", block, others[0], key=True, hint=hint
            )
    secret = {key: given[key] for key in ("apiVersion", "kind", "metadata", "type") if key in given}
    secret["stringData"] = {names.MEMBERS_KEY: text}
    command = [
        "sops",
        "encrypt",
        "--input-type",
        "yaml",
        "--output-type",
        "yaml",
        "--filename-override",
        target.shown,
        "/dev/stdin",
    ]
    made = program.encrypt(command, (yaml_text(secret) + "\n").encode(), estate.root, _SOPS_HINT)
    value = _made(made, "sops", target)
    secure = all(is_encrypted(str(one)) for one in (value.get("stringData") or {"": ""}).values())
    if not secure or not isinstance(value.get("sops"), dict) or value.get("metadata") != given.get("metadata"):
        raise ToolError(
            f"what `sops` made for `{target.shown}` is not encrypted as Flux reads it: `stringData` alone, with a block `sops`",
            hint="look at `encrypted_regex` in `.sops.yaml`: it must be ^(data|stringData)$",
        )
    return made


def _sealed(estate: Declaration, target: Target, text: str, certificate: Path | None) -> bytes:
    source = _manifest(target, "SealedSecret")
    metadata = source.value["metadata"]
    notes = metadata.get("annotations") or {}
    scope = next((one for one in _SCOPES if str(notes.get(_SCOPE + one)) == "true"), "strict")
    settings = estate.data["secrets"]["sealedSecrets"]
    where = ["--cert", str(certificate.absolute())] if certificate else ["--context", target.context]
    command = [
        "kubeseal",
        *("--format", "yaml", "--scope", scope, *where),
        *("--controller-name", settings["controllerName"], "--controller-namespace", settings["controllerNamespace"]),
    ]
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": metadata["name"], "namespace": metadata.get("namespace", names.NAMESPACE)},
        "type": dig(source.value, ("spec", "template", "type")) or "Opaque",
        "stringData": {names.MEMBERS_KEY: text},
    }
    made = program.encrypt(command, (yaml_text(secret) + "\n").encode(), estate.root, _SEAL_HINT)
    cipher = dig(_made(made, "kubeseal", target), ("spec", "encryptedData", names.MEMBERS_KEY))
    if not isinstance(cipher, str) or not cipher or cipher in text or text in cipher:
        raise ToolError(f"`kubeseal` made no encrypted `{names.MEMBERS_KEY}` for `{target.shown}`", hint=_SEAL_HINT)
    return _with_cipher(source, target, cipher)


def _with_cipher(source: Source, target: Target, cipher: str) -> bytes:
    """Return the SealedSecret that is there with another value, its comments and metadata as they are."""
    from validator.fix.splices import CannotEdit, splice, spliced
    from validator.read.spans import spans

    content = target.path.read_bytes()
    text = content.decode()
    document = Document(source.name, 0, 0, content, source.value)
    edit = Edit(Ref(document, ("spec", "encryptedData", names.MEMBERS_KEY)), Action.SET, value=cipher)
    try:
        return spliced(text, [splice(text, spans(text)[0], edit)]).encode()
    except (CannotEdit, IndexError):
        raise source.error(
            f"`spec.encryptedData` has no key `{names.MEMBERS_KEY}` with a value on one line",
            "spec",
            "encryptedData",
            key=True,
        ) from None


def _made(content: bytes, name: str, target: Target) -> Data:
    try:
        trees = load_all(content, name)
    except InputError:
        raise ToolError(f"what `{name}` made for `{target.shown}` is not YAML; nothing was written") from None
    value = trees[0].value if len(trees) == 1 else None
    if not isinstance(value, dict):
        raise ToolError(f"what `{name}` made for `{target.shown}` is no manifest; nothing was written")
    return value
