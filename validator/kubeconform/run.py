"""Start kubeconform on the YAML files of a folder and collect what it says, in a thread beside our own work."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from validator.errors import ToolError
from validator.kubeconform.binary import check_version, locate
from validator.kubeconform.verdicts import Result, Verdicts
from validator.read.files import MAX_BYTES, SKIPPED_FOLDERS, SUFFIXES
from validator.schema.kinds import LOCATION, folder

TIMEOUT = 600.0
"""Seconds for all files together."""
MOST_ARGUMENTS = 800_000
"""Bytes of file names for one process, where the system allows that many."""
WINDOWS_ARGUMENTS = 24_000
_STATUS = {"statusValid": "valid", "statusInvalid": "invalid", "statusError": "error", "statusSkipped": "skipped"}


def start(root: Path, mode: str = "auto") -> Run | None:
    """Start kubeconform on the YAML files below `root`.

    Return None where the mode does not want it or it is not installed; raise ToolError where it is required and
    missing.
    """
    binary = locate(mode)
    return None if binary is None else Run(binary, root, required=mode == "require")


class Run:
    """kubeconform at work; everything that can fail is told by `verdicts`."""

    def __init__(self, binary: Path, root: Path, *, required: bool = True, timeout: float = TIMEOUT) -> None:
        self.binary = binary
        self._required = required
        self._root = root
        self._timeout = timeout
        self._results: list[Result] = []
        self._error: BaseException | None = None
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._work, name="kubeconform", daemon=True)
        self._thread.start()

    def verdicts(self) -> Verdicts:
        """Wait for kubeconform and return what it says.

        Where it failed or took too long, raise ToolError; or, where it is not required, return verdicts that leave
        every document to the built-in engine and name the `failure`.
        """
        self._thread.join(self._timeout)
        if self._thread.is_alive():
            self.stop()
            self._error = ToolError(
                f"kubeconform gave no result in {self._timeout:.0f} seconds",
                hint="leave it out with `--kubeconform off`",
            )
        if self._error is None:
            return Verdicts(self._results)
        if self._required or not isinstance(self._error, ToolError):
            raise self._error
        return Verdicts([], self._error)

    def stop(self) -> None:
        """End kubeconform; its results are lost."""
        self._stopped.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
        self._thread.join(10)

    def _work(self) -> None:
        try:
            check_version(self.binary)
            for batch in _batches(yaml_paths(self._root)):
                if self._stopped.is_set():
                    return
                self._results += self._batch(batch)
        except BaseException as error:  # noqa: BLE001 - told by `verdicts`, in the caller's thread
            self._error = error

    def _batch(self, names: list[str]) -> list[Result]:
        try:
            self._process = subprocess.Popen(
                [*_command(self.binary), "--", *names],
                cwd=self._root,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise ToolError(f"`{self.binary}` does not run: {error.strerror or error}") from error
        out, err = self._process.communicate()
        return [] if self._stopped.is_set() else _read(out, err, self._process.returncode)


def _command(binary: Path) -> list[str]:
    location = f"{folder().as_posix()}/{LOCATION}"
    workers = str(max(4, os.cpu_count() or 1))
    return [
        str(binary), "-strict", "-ignore-missing-schemas", "-verbose", "-output", "json", "-n", workers,
        "-schema-location", location,
    ]  # fmt: skip


def _environment() -> dict[str, str]:
    """Return an environment without a network: a hostile manifest can make kubeconform follow a reference.

    Fewer garbage collections save a quarter of its time; documents are small.
    """
    nowhere = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), nowhere)
    return {**os.environ, **proxies, "NO_PROXY": "", "no_proxy": "", "GOGC": os.environ.get("GOGC", "800")}


def _read(out: bytes, err: bytes, code: int) -> list[Result]:
    """Return the results in kubeconform's JSON; it exits with 1 for everything, so the JSON decides."""
    try:
        told: Any = json.loads(out)
        return [
            Result(
                path=item["filename"].removeprefix("./"),
                api_version=item["version"],
                kind=item["kind"],
                name=item["name"],
                status=_STATUS.get(item["status"], "empty"),
                message=item["msg"],
            )
            for item in told["resources"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        said = err.decode("utf-8", "replace").strip().partition("\n")[0][:200]
        said = "".join(c for c in said if c.isprintable())
        raise ToolError(
            f"kubeconform ended with {code} and gave no readable result" + (f": {said}" if said else ""),
            hint="leave it out with `--kubeconform off`",
        ) from error


def yaml_paths(root: Path) -> Iterator[str]:
    """Yield the YAML files that our reader reads, POSIX and relative to `root`, in no order.

    Left out is what kubeconform must not or cannot read: it follows links out of the root, and one file that it
    cannot open ends its search for the others. The built-in engine answers for those documents, if there are any.
    """
    top = os.path.realpath(root)
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(f"{top}/{prefix}") as entries:
                for entry in entries:
                    name = entry.name
                    if entry.is_dir(follow_symlinks=False):
                        if name[0] != "." and name not in SKIPPED_FOLDERS:
                            pending.append(f"{prefix}{name}/")
                    elif name.endswith(SUFFIXES) and _readable(entry, top):
                        yield prefix + name
        except OSError:
            continue


def _readable(entry: os.DirEntry[str], top: str) -> bool:
    try:
        entry.name.encode()
        if entry.is_symlink() and not os.path.realpath(entry.path).startswith(top + os.sep):
            return False
        return entry.is_file() and entry.stat().st_size <= MAX_BYTES and os.access(entry.path, os.R_OK)
    except (OSError, ValueError):
        return False


def _batches(paths: Iterable[str]) -> Iterator[list[str]]:
    limit = _room()
    batch: list[str] = []
    size = 0
    for path in sorted(paths):
        # `./` keeps a name such as `-n` or `-` from being read as anything but a file.
        name = f"./{path}"
        cost = len(name.encode()) + _POINTER
        if batch and size + cost > limit:
            yield batch
            batch, size = [], 0
        batch.append(name)
        size += cost
    if batch:
        yield batch


_POINTER = 9
"""Bytes that the system counts for an argument beside its text."""


def _room() -> int:
    """Return how many bytes of file names one process may be given: half of what is left beside the environment."""
    if os.name == "nt":
        return WINDOWS_ARGUMENTS
    environment = sum(len(os.fsencode(name)) + len(os.fsencode(value)) + 10 for name, value in os.environ.items())
    return max(4_000, min((os.sysconf("SC_ARG_MAX") - environment) // 2, MOST_ARGUMENTS))
