"""The account by which AMKO looks into a member, as the template writes it into a repository: one source for both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from validator import resources
from validator.errors import InputError
from validator.facts import names
from validator.lifecycle import expand
from validator.lifecycle.account import account
from validator.members.expected import Declaration
from validator.nearness import nearest

Data = dict[str, Any]

TEMPLATE = "_parts/member.yaml"


def manifests(
    estate: Declaration | None, clusters: tuple[str, ...] = (), namespace: str = names.NAMESPACE
) -> dict[str, str]:
    """Return the manifests of the account by cluster; without an estate one set that suits every member.

    Raise InputError for a cluster that AMKO does not look into, and for what is no namespace.
    """
    _check_namespace(namespace)
    release = estate.data["versions"]["amko"] if estate is not None else None
    scope: Data = {"namespace": names.NAMESPACE, "account": account(release, namespace)}
    with resources.template() as folder:
        sources = [one for one in expand.read_sources(folder / resources.REPOSITORY) if one.path == TEMPLATE]
    template = expand.environment(sources).get_template(TEMPLATE)
    if estate is None:
        wanted: list[Data] = [{"name": name, "isMember": True, "runsAmko": True} for name in clusters or ("",)]
    else:
        wanted = _chosen(estate, clusters)
    return {cluster["name"]: template.render(estate=scope, cluster=cluster) for cluster in wanted}


def write(made: dict[str, str], folder: Path) -> list[Path]:
    """Write a file for each cluster; raise InputError where one is there already or cannot be written."""
    paths = {name: folder / f"{name or names.MEMBER_ACCOUNT}.yaml" for name in made}
    for path in paths.values():
        if path.exists() or path.is_symlink():
            raise InputError("is there already", path=str(path), hint="give another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(made[name])
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise InputError(f"cannot be written: {reason}", path=str(error.filename or folder)) from None
    return list(paths.values())


def _chosen(estate: Declaration, clusters: tuple[str, ...]) -> list[Data]:
    """Return the clusters that AMKO looks into, those that are named if any are."""
    reached = {one.cluster for one in estate.members.values()}
    for name in clusters:
        if name not in reached:
            near = nearest(name, reached)
            hint = (
                f"did you mean `{near}`?"
                if near
                else f"it looks into {', '.join(f'`{one}`' for one in sorted(reached))}"
            )
            raise InputError(f"AMKO looks into no cluster `{name}`", path=str(estate.path), hint=hint)
    found = [cluster for site in estate.data["sites"] for cluster in site["clusters"]]
    return [one for one in found if one["name"] in (clusters or reached)]


def _check_namespace(text: str) -> None:
    label = all(letter in "abcdefghijklmnopqrstuvwxyz0123456789-" for letter in text)
    if not text or len(text) > 63 or not label or text[0] == "-" or text[-1] == "-":
        raise InputError(f"--namespace `{text}` is no namespace", hint="lower-case letters, digits and `-`, 63 at most")
