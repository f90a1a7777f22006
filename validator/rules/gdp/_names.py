"""The clusters that a policy names, as the federation calls them."""

from __future__ import annotations

from validator.federation.contexts import Naming
from validator.federation.policies import Policy
from validator.model import Estate


def naming_of(estate: Estate, policy: Policy) -> Naming | None:
    """Return the names of the federation that a policy belongs to, None where its cluster runs no AMKO."""
    return estate.naming_of(policy.release) if policy.release is not None else None


def contexts(policy: Policy, key: str, naming: Naming | None) -> list[str | None]:
    """Return the contexts that a list of a policy means, None for one that means nothing."""
    texts = [item.get("cluster") for _, item in policy.items(key)]
    return [naming.of(text) if naming is not None else text if isinstance(text, str) else None for text in texts]
