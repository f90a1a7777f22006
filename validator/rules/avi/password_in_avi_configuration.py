"""A password of an Avi controller stands in its configuration.

What it finds:
    In `avi/gslb.json`, in tasks and variables of Ansible that belong to Avi's collection, and in files of Terraform:
    a key that holds a password or token, with a text that is no placeholder, no expression and not encrypted. Of
    Terraform, in a folder that configures Avi, that is the `default` of a password variable, a password in a block,
    and one in a `.tfvars` file. The value itself is never shown.

Why it matters:
    These accounts may change every virtual service of every site, and who can read the repository has them. Git
    keeps them after the file is mended.
    Source: terraform-provider-avi, provider and avi_gslb schema; ansible-collection-alb plugins/modules/avi_gslb.py,
    where `sites[].password` is a plain value.

Bad:
    variable "gslb_password" { default = "VMware1!" }

Good:
    variable "gslb_password" { sensitive = true }

Fix:
    Change the password. Give it in the environment (`TF_VAR_gslb_password`), or in a vault.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.documents import Document
from validator.read.files import GSLB_DATA
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.avi._terraform import exposed, of_avi, place
from validator.secrets.exposure import in_mapping, may_hold_secrets

VAULT = "$ANSIBLE_VAULT"
MARKS = (b"vmware.alb", b"avi_credentials", b"avi_gslb", b"avi_password", b"gslb_password")


@rule("AVI124", Severity.ERROR, sources=("GSLB-11", "terraform-provider-avi"))
def check(estate: Estate) -> Iterator[Problem]:
    for document in estate.documents_of(""):
        if _is_configuration(document) and may_hold_secrets(document.data):
            for pointer in in_mapping(document.value):
                if not str(dig(document.value, pointer)).startswith(VAULT):
                    text = f"`{pointer[-1]}` is given in the open; leave it to the environment or a vault"
                    yield Problem(document.ref(*pointer), text)
    for file in of_avi(estate.texts):
        for found in exposed(file):
            text = f"`{found.name}` is given in the open; leave it to the environment, as `TF_VAR_<variable>`"
            yield Problem(place(file.path, found.line, found.column), text)


def _is_configuration(document: Document) -> bool:
    if document.api_version:
        return False
    return f"/{document.path}".endswith(f"/{GSLB_DATA}") or any(mark in document.data for mark in MARKS)
