"""A configuration file of a management cluster lacks a variable that the Tanzu CLI needs.

What it finds:
    A file that makes a management cluster on vSphere without one of the variables that the command asks for, with
    `AVI_ENABLE: true` also without one of those for Avi. An empty value counts as none. Accounts, passwords, keys
    and certificates belong into the environment and are not asked for, nor is what the estate file leaves to it; a
    variable that a comment of the file names is expected there as well.

Why it matters:
    The command stops with `Failed to get value for variable`, or with `missing configuration variables` after the
    bootstrap cluster was made.
    Source: tanzu-framework v0.28.3 tkg/tkgconfigreaderwriter/readerwriter.go; tkg/client/validate.go
    ConfigureAndValidateAviConfiguration; providers/yttcc/lib/validate.star.

Bad:
    AVI_ENABLE: "true"
    AVI_CONTROLLER: avi-01.example.com

Good:
    AVI_ENABLE: "true"
    AVI_CONTROLLER: avi-01.example.com
    AVI_CLOUD_NAME: vcenter-01
    AVI_SERVICE_ENGINE_GROUP: Default-Group
    AVI_DATA_NETWORK: vips
    AVI_DATA_NETWORK_CIDR: 192.0.2.0/24

Fix:
    Set the variable, or name it in a comment where it comes from the environment.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.facts import tanzu as facts
from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.tkg._tanzu import wanted
from validator.tkg.configuration import Configuration

STORAGE = ("VSPHERE_DATASTORE", "VSPHERE_STORAGE_POLICY_ID")
"""Variables of which one is needed."""


@rule("TKG141", Severity.ERROR, sources=("tkg-avi B1", "tanzu-framework v0.28.3 tkg/client/validate.go"))
def check(estate: Estate) -> Iterator[Problem]:
    needed = [(name, "") for name in facts.required("vsphere")]
    with_avi = [*needed, *((name, " with `AVI_ENABLE: true`") for name in facts.required("avi"))]
    for found, index in estate.managements:
        if not found.is_vsphere or (index is not None and estate.declared_problems):
            continue  # what the estate file leaves to the environment is not known while something is wrong with it
        for name, when in with_avi if found.uses_avi else needed:
            if found.text(name) is None and not _means(found, name):
                left = wanted(estate)[index] if index is not None else {}
                if left.get(name, "") is not None:
                    yield _missing(found, name, f"`{name}` is not set; the Tanzu CLI needs it{when}")
        if not any(found.text(name) is not None or _means(found, name) for name in STORAGE):
            text = f"neither `{STORAGE[0]}` nor `{STORAGE[1]}` is set; the Tanzu CLI needs one of them"
            yield _missing(found, STORAGE[0], text)


def _means(found: Configuration, name: str) -> bool:
    """Return whether a variable that is not set is meant under a misspelt name, or expected from the environment."""
    return found.says(name) or found.misspells(name)


def _missing(found: Configuration, name: str, text: str) -> Problem:
    return Problem(found.at(name), text, absence=None if name in found.variables else found.document.path)
