"""Take into an entry what it keeps in files of its own, as `kubectl config view --flatten` does.

Source: client-go tools/clientcmd/api/helpers.go FlattenConfig (paths are relative to the kubeconfig's folder; a path beside
data is refused); transport/token_source.go (a token file wins over a token, blanks around it are dropped), which kubectl
leaves as it is and AMKO's pod could not read.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from validator.errors import InputError
from validator.members.kubeconfig import Entry
from validator.members.sources import Place, read_file

FILES = {
    "certificate-authority": "certificate-authority-data",
    "client-certificate": "client-certificate-data",
    "client-key": "client-key-data",
    "tokenFile": "token",
}
"""A field that names a file, and the one that holds its content."""
WANTED = {
    "certificate-authority": b"-----BEGIN",
    "client-certificate": b"-----BEGIN",
    "client-key": b"-----BEGIN",
    "tokenFile": b"",
}
"""What the content must hold: a kubeconfig from elsewhere may name any file of this machine."""


def flatten(entry: Entry) -> Entry:
    """Return an entry with its files taken in; raise InputError, without content, where that cannot be done."""
    fields: dict[str, Any] = dict(entry.fields)
    for key, target in FILES.items():
        if key not in fields:
            continue
        at = entry.at(key)
        if target in fields and key != "tokenFile":
            raise _error(at, f"{entry.kind} `{entry.name}` has both `{key}` and `{target}`", "remove one of them")
        fields[target] = _content(entry, key, at)
        del fields[key]
    return entry if fields == entry.fields else entry.with_fields(fields)


def _content(entry: Entry, key: str, at: Place) -> str:
    path = Path(entry.text(key))
    if not path.is_absolute():
        if entry.source.folder is None:
            hint = "give the kubeconfig as a file, or make it whole: `kubectl config view --raw --flatten`"
            raise _error(at, f"`{key}` of {entry.kind} `{entry.name}` is relative to a folder that is not known", hint)
        path = entry.source.folder / path
    try:
        content = read_file(path, str(path))
    except InputError as error:
        raise _error(at, f"`{key}` of {entry.kind} `{entry.name}`: `{path}` {error.message}") from None
    if not content or WANTED[key] not in content:
        raise _error(at, f"`{key}` of {entry.kind} `{entry.name}`: `{path}` is empty or holds nothing in PEM form")
    if key != "tokenFile":
        return base64.b64encode(content).decode()
    try:
        return content.decode("ascii").strip()
    except UnicodeDecodeError:
        raise _error(at, f"`{key}` of {entry.kind} `{entry.name}`: `{path}` holds no bearer token") from None


def _error(at: Place, message: str, hint: str | None = None) -> InputError:
    return InputError(message, path=at.path, line=at.line, column=at.column, hint=hint)
