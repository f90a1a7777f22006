"""Install kubeconform: `python -m validator.kubeconform.install [FOLDER]`, by default where the validator looks for it.

One on PATH that is recent enough is taken as it is. Else the release archive, whose SHA-256 is pinned here; else
`go install` of the same version, whose sources Go checks against its checksum database, and which is the way where
only package registries can be reached. Exit code 0 when kubeconform is there, 2 when it could not be installed.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from validator.errors import EstateError, ToolError
from validator.kubeconform.binary import NAME, VERSION, check_version, own_folder, version

RELEASES = "https://github.com/yannh/kubeconform/releases/download"
MODULE = "github.com/yannh/kubeconform/cmd/kubeconform"
# From the release's own CHECKSUMS file (v0.7.0).
SHA256 = {
    "darwin-amd64": "c6771cc894d82e1b12f35ee797dcda1f7da6a3787aa30902a15c264056dd40d4",
    "darwin-arm64": "b5d32b2cb77f9c781c976b20a85e2d0bc8f9184d5d1cfe665a2f31a19f99eeb9",
    "linux-amd64": "c31518ddd122663b3f3aa874cfe8178cb0988de944f29c74a0b9260920d115d3",
    "linux-arm64": "cc907ccf9e3c34523f0f32b69745265e0a6908ca85b92f41931d4537860eb83c",
}
MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
MOST_BYTES = 64 * 1024 * 1024
GZIP = b"\x1f\x8b"


def main(arguments: list[str] | None = None) -> int:
    """Install kubeconform and say where; return the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) > 1 or any(word.startswith("-") for word in given):
        _say(__doc__ or "")
        return 0 if given in (["-h"], ["--help"]) else 2
    folder = Path(given[0]) if given else own_folder()
    try:
        _say(install(folder))
    except EstateError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def install(folder: Path) -> str:
    """Return a line that says where kubeconform is; raise ToolError where it can be had in no way."""
    if found := _present(folder):
        return found
    reasons = []
    for way in (_from_release, _from_source):
        try:
            target = way(folder)
            check_version(target)
        except _UnavailableError as error:
            reasons.append(str(error))
        else:
            return f"kubeconform {version(target)} installed as {target}"
    raise ToolError(
        f"kubeconform {VERSION} could not be installed: {'; '.join(reasons)}",
        hint="install kubeconform by hand and put it on PATH, or work without it: --kubeconform off",
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class _UnavailableError(Exception):
    """One way of having kubeconform is closed; another may be open."""


def _present(folder: Path) -> str | None:
    for path in (None, str(folder)):
        if found := shutil.which(NAME, path=path):
            try:
                check_version(Path(found))
            except ToolError:
                continue
            return f"kubeconform {version(Path(found)) or 'of an unknown version'} found as {found}"
    return None


def _from_release(folder: Path) -> Path:
    target = f"{sys.platform}-{MACHINES.get(platform.machine().lower(), platform.machine())}"
    wanted = SHA256.get(target)
    if wanted is None:
        raise _UnavailableError(f"no release archive is pinned for {target}")
    url = f"{RELEASES}/v{VERSION}/kubeconform-{target}.tar.gz"
    data = _download(url)
    found = hashlib.sha256(data).hexdigest()
    if found != wanted:
        raise ToolError(f"`{url}` has SHA-256 {found}, {wanted} is expected; it was not installed")
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            member = archive.extractfile("kubeconform")
            program = member.read() if member else b""
    except (tarfile.TarError, KeyError, OSError) as error:
        raise _UnavailableError(f"`{url}` holds no kubeconform ({error})") from error
    return _place(program, folder)


def _download(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - always https, see RELEASES
            data: bytes = answer.read(MOST_BYTES)
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise _UnavailableError(f"`{url}` cannot be read ({reason})") from error
    if not data.startswith(GZIP):
        raise _UnavailableError(f"`{url}` answered with something else than an archive")
    return data


def _place(program: bytes, folder: Path) -> Path:
    """Write the program beside its place and move it there, so that a broken write leaves nothing behind."""
    target = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".kubeconform-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(program)
            Path(name).chmod(0o755)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ToolError(f"`{target}` cannot be written: {error.strerror or error}") from error
    return target


def _from_source(folder: Path) -> Path:
    go = shutil.which("go")
    if go is None:
        raise _UnavailableError("`go`, which could build it, is not on PATH")
    command = [go, "install", f"{MODULE}@v{VERSION}"]
    _say(f"building kubeconform {VERSION} with go install; this takes a minute")
    environment = {**os.environ, "GOBIN": str(folder.absolute()), "GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Outside any module: a go.mod or go.work of the folder we are in must not have a say.
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _UnavailableError(f"`go install` failed ({error})") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _UnavailableError(f"`{' '.join(command[1:])}` failed ({said[-1][:200] if said else done.returncode})")
    return folder / NAME


if __name__ == "__main__":
    sys.exit(main())
