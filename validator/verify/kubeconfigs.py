"""The kubeconfigs that were given: which context is where, and what of it can be used without running anything.

Nothing of their content is ever part of a message but names of contexts.
Source: client-go tools/clientcmd/api/v1/types.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from validator.errors import InputError
from validator.read.exact import load_all

MAX_BYTES = 8 * 1024 * 1024
_FILES = ("certificate-authority", "client-certificate", "client-key", "tokenFile")


@dataclass(frozen=True, slots=True)
class Access:
    """One context by itself, as a kubeconfig of one cluster and one user; `trouble` says why it cannot be used."""

    config: dict[str, Any]
    trouble: str = ""

    def __repr__(self) -> str:
        return "Access(...)"


def read(paths: Iterable[Path]) -> dict[str, Access]:
    """Return every context of the files; of two with one name the first counts, as with kubectl.

    Raises InputError for a file that cannot be read or is no kubeconfig.
    """
    found: dict[str, Access] = {}
    for path in paths:
        for name, access in _contexts(path):
            found.setdefault(name, access)
    return found


def _contexts(path: Path) -> Iterable[tuple[str, Access]]:
    data = _load(path)
    clusters, users = _named(data, "clusters", "cluster"), _named(data, "users", "user")
    for name, context in _named(data, "contexts", "context").items():
        cluster, user = clusters.get(str(context.get("cluster"))), users.get(str(context.get("user")))
        if cluster is None:
            yield name, Access({}, "its context names a cluster that the kubeconfig does not have")
        elif user is None:
            yield name, Access({}, "its context names a user that the kubeconfig does not have")
        elif "exec" in user or "auth-provider" in user:
            yield name, Access({}, "its user gets credentials from a program, which is not run")
        else:
            yield name, Access(_alone(name, _absolute(cluster, path), _absolute(user, path)))


def _load(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file():
            raise InputError("is not a file", path=str(path), hint="give a kubeconfig")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {(error.strerror or 'error').lower()}", path=str(path)) from None
    if len(content) > MAX_BYTES:
        raise InputError(f"is larger than the {MAX_BYTES // 2**20} MiB that a kubeconfig may have", path=str(path))
    try:
        trees = load_all(content, str(path))
    except InputError as error:  # its message may quote the file, which holds credentials
        raise InputError("is not YAML", path=str(path), line=error.line, column=error.column) from None
    data = trees[0].value if len(trees) == 1 else None
    if not isinstance(data, dict) or not isinstance(data.get("contexts"), list):
        raise InputError("is not a kubeconfig: it has no `contexts`", path=str(path))
    return data


def _named(data: dict[str, Any], key: str, inner: str) -> dict[str, dict[str, Any]]:
    items = data.get(key)
    found: dict[str, dict[str, Any]] = {}
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("name"), str) and isinstance(item.get(inner), dict):
            found.setdefault(item["name"], item[inner])
    return found


def _absolute(block: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return a block with its files as seen from the folder of the kubeconfig."""
    own = {key: str(path.parent / block[key]) for key in _FILES if isinstance(block.get(key), str)}
    return {**block, **own}


def _alone(name: str, cluster: dict[str, Any], user: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "cluster", "cluster": cluster}],
        "users": [{"name": "user", "user": user}],
        "contexts": [{"name": name, "context": {"cluster": "cluster", "user": "user"}}],
        "current-context": name,
    }
