"""Where kubeconfigs come from: a file, standard input, a Secret in either; bounded, and no content in any message."""

from __future__ import annotations

import base64
import binascii
import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validator.errors import InputError
from validator.facts import names
from validator.read.exact import Pointer, Tree, load_all
from validator.read.manifest import dig
from validator.secrets.placeholder import is_encrypted

MAX_BYTES = 1024 * 1024
"""As many as a Secret may hold; etcd takes no more."""
STDIN = "-"
SHOWN_STDIN = "<stdin>"
_QUOTED = re.compile(r"`[^`]*`")
_KNOWN = frozenset({"`<<`"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place to point at; line and column are 1-based."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML or JSON document: its name in messages, the folder of relative paths in it, its size in bytes."""

    name: str
    folder: Path | None
    tree: Tree = field(repr=False)
    size: int
    outer: Place | None = None
    """The key of the Secret that holds the document; places in it are told as this one."""

    @property
    def value(self) -> Any:
        return self.tree.value

    def place(self, *pointer: str | int, key: bool = False) -> Place:
        if self.outer is not None:
            return self.outer
        return Place(self.name, *self.tree.locate(pointer, key=key))

    def error(self, message: str, *pointer: str | int, key: bool = False, hint: str | None = None) -> InputError:
        """Return an error at a place of the document."""
        at = self.place(*pointer, key=key)
        return InputError(message, path=at.path, line=at.line, column=at.column, hint=hint)


def read_kubeconfigs(paths: tuple[str, ...]) -> list[Source]:
    """Return the kubeconfig in each file, `-` for standard input; raise InputError for what is none."""
    if paths.count(STDIN) > 1:
        raise InputError("standard input can be read once", path=SHOWN_STDIN, hint="give `-` once")
    seen: dict[str, str] = {}
    found = []
    for path in paths:
        real = path if path == STDIN else os.path.realpath(path)
        if real in seen:
            raise InputError(f"is the same file as `{seen[real]}`", path=path, hint="give it once")
        seen[real] = path
        found.append(_kubeconfig(*read_documents(path)))
    return found


def read_documents(path: str) -> tuple[list[Tree], bytes, str, Path | None]:
    """Return the documents of a file, its bytes, its name in messages and its folder."""
    name = SHOWN_STDIN if path == STDIN else path
    content = _stdin() if path == STDIN else read_file(Path(path), path)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = "PowerShell's `>` writes that; use `| Out-File -Encoding utf8`"
        raise InputError("is UTF-16, not UTF-8 text", path=name, line=1, column=1, hint=hint)
    if b"\0" in content:
        raise InputError("is not text but binary", path=name, hint="a kubeconfig is YAML or JSON in UTF-8")
    content = content.removeprefix(b"\xef\xbb\xbf")
    return parse(content, name), content, name, None if path == STDIN else Path(path).absolute().parent


def parse(content: bytes, name: str) -> list[Tree]:
    """Read documents exactly as Kubernetes does; what the reader quotes from the text is left out of its errors."""
    try:
        return load_all(content, name)
    except InputError as error:
        raise InputError(discreet(error.message), path=name, line=error.line, column=error.column) from None


def discreet(message: str) -> str:
    """Return a message without what it quotes: a mistake in the text may have turned a token into a key or an alias."""
    return _QUOTED.sub(lambda found: found[0] if found[0] in _KNOWN else "`...`", message)


def read_file(path: Path, name: str, limit: int = MAX_BYTES) -> bytes:
    """Return the content of a regular file; raise InputError where it is none, too long, or cannot be read."""
    if "\0" in str(path):
        raise InputError("a file name cannot hold a NUL", path=name.replace("\0", "\\0"))
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise InputError(_unreadable(error), path=name) from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise InputError("is a folder, a file is needed", path=name)
        if not stat.S_ISREG(mode):
            raise InputError("is not a regular file", path=name, hint="give `-` to read standard input")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise InputError(_unreadable(error), path=name) from None
    finally:
        os.close(descriptor)
    return _bounded(content, name, limit)


def _stdin() -> bytes:
    return _bounded(sys.stdin.buffer.read(MAX_BYTES + 1), SHOWN_STDIN, MAX_BYTES)


def _bounded(content: bytes, name: str, limit: int) -> bytes:
    if len(content) > limit:
        raise InputError(f"is larger than {limit // 1024} KiB, which is all that is read", path=name)
    return content


def _unreadable(error: OSError | ValueError) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.ENOENT, errno.ENOTDIR):
        return "does not exist"
    return f"cannot be read: {os.strerror(number).lower() if number else 'not a file name'}"


def _kubeconfig(trees: list[Tree], content: bytes, name: str, folder: Path | None) -> Source:
    if not trees:
        raise InputError("is empty", path=name, hint="a kubeconfig has `clusters`, `users` and `contexts`")
    for tree in trees:
        for pointer, secret in _objects(tree.value, "Secret"):
            if dig(secret, ("metadata", "name")) == names.MEMBERS_SECRET:
                return _in_secret(Source(name, folder, tree, len(content)), pointer, secret)
    value, source = trees[0].value, Source(name, folder, trees[0], len(content))
    if isinstance(value, dict) and value.get("kind") in {"Secret", "SecretList", "List"}:
        raise source.error(f"holds no Secret `{names.MEMBERS_SECRET}` in the clear")
    if len(trees) > 1:
        line, column = trees[1].locate(())
        raise InputError("holds a second document, a kubeconfig is one", path=name, line=line, column=column)
    return source


def _objects(value: Any, kind: str) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Yield the objects of a kind in a document, also in a `List` of kubectl."""
    if not isinstance(value, dict):
        return
    if value.get("kind") == kind:
        yield (), value
    items = value.get("items")
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict) and item.get("kind", kind) == kind:
            yield ("items", index), item


def _in_secret(source: Source, pointer: Pointer, secret: dict[str, Any]) -> Source:
    """Return the kubeconfig under the key that AMKO reads; `stringData` wins, as it does when it is applied."""
    for block in ("stringData", "data"):
        held = secret.get(block)
        text = held.get(names.MEMBERS_KEY) if isinstance(held, dict) else None
        if text is None:
            continue
        at = (*pointer, block, names.MEMBERS_KEY)
        content = _clear(source, at, text, encoded=block == "data")
        place = source.place(*at, key=True)
        try:
            trees = load_all(content, source.name)
        except InputError as error:
            message = f"key `{names.MEMBERS_KEY}` holds no kubeconfig: {discreet(error.message)}"
            inner = f" (line {error.line} of it)" if error.line else ""
            raise source.error(message + inner, *at, key=True) from None
        if len(trees) != 1:
            raise source.error(f"key `{names.MEMBERS_KEY}` holds {len(trees)} documents, not one", *at, key=True)
        return Source(source.name, None, trees[0], len(content), place)
    raise source.error(
        f"Secret `{names.MEMBERS_SECRET}` has no key `{names.MEMBERS_KEY}`, which is the one that AMKO reads", *pointer
    )


def _clear(source: Source, at: Pointer, text: Any, *, encoded: bool) -> bytes:
    if not isinstance(text, str):
        raise source.error(f"key `{names.MEMBERS_KEY}` must be a string", *at, key=True)
    if is_encrypted(text):
        hint = f"decrypt it first: `sops decrypt {source.name} | estate members check -`"
        raise source.error(f"key `{names.MEMBERS_KEY}` is encrypted", *at, key=True, hint=hint)
    try:
        return decoded(text) if encoded else text.encode()
    except ValueError:
        raise source.error(f"key `{names.MEMBERS_KEY}` is not base64", *at, key=True) from None


def decoded(text: str) -> bytes:
    """Return base64 as Go reads it: padded, line breaks left out, nothing else; raise ValueError without the text."""
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not base64") from None


def read_token(path: str) -> tuple[Source, str, str]:
    """Return a ServiceAccount's token Secret, its `ca.crt` in base64 and its token; raise InputError for other files."""
    trees, content, name, folder = read_documents(path)
    for tree in trees:
        for pointer, secret in _objects(tree.value, "Secret"):
            source = Source(name, folder, tree, len(content))
            if secret.get("type") != "kubernetes.io/service-account-token":
                continue
            data = secret.get("data")
            found = [data.get(key) if isinstance(data, dict) else None for key in ("ca.crt", "token")]
            if not all(isinstance(text, str) and text for text in found):
                hint = "the cluster fills it: give what `kubectl get secret ... -o yaml` prints, not the manifest"
                raise source.error(
                    "the token Secret is not filled: `ca.crt` or `token` is missing", *pointer, hint=hint
                )
            try:
                return source, "".join(str(found[0]).split()), decoded(str(found[1])).decode("ascii")
            except ValueError:
                raise source.error("`token` is not base64 of a token", *pointer, "data", "token", key=True) from None
    hint = f"kubectl -n {names.NAMESPACE} get secret {names.MEMBER_ACCOUNT} -o yaml"
    raise InputError("holds no Secret of type `kubernetes.io/service-account-token`", path=name, hint=hint)
