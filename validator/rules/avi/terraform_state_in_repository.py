"""A state file of Terraform lies in the repository.

What it finds:
    A file that ends with `.tfstate` or `.tfstate.backup`. It is not opened.

Why it matters:
    The state holds every value of every resource in plain text, passwords of the Avi controllers among them, whatever
    is marked sensitive. In Git it has no lock either: two people who apply at once work from different states.
    Source: Terraform documentation, Sensitive data in state; terraform-provider-avi, avi_gslb and avi_user schema.

Bad:
    avi/terraform/terraform.tfstate

Good:
    # avi/terraform/backend.tf names a backend with encryption and locking

Fix:
    Take the file out of the repository and its history, change every password in it, and configure a backend.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.rules import rule
from validator.rules.avi._terraform import STATES, place


@rule("AVI125", Severity.ERROR, sources=("GSLB-11", "Terraform documentation"))
def check(estate: Estate) -> Iterator[Problem]:
    for file in estate.texts:
        if file.path.endswith(STATES):
            yield Problem(
                place(file.path, 1, 1),
                "a Terraform state holds passwords in plain text; keep it in a backend, and take it for known now",
            )
