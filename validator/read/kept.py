"""Folders in which things are kept to be read: documentation, examples, data of tests, what is out of use."""

from __future__ import annotations

from functools import lru_cache

KEPT = frozenset(
    """archive archived archives attic backup backups deprecated doc docs documentation example examples fixtures old
    proposals retired sample samples snippets testdata trash unused __snapshot__ __snapshots__""".split()
)
"""Names of folders whose content nobody applies, unless a sync says so."""


def is_kept(path: str) -> bool:
    """Return whether a file stands below a folder of such a name."""
    return _is_kept_folder(path.rpartition("/")[0])


@lru_cache(maxsize=65536)
def _is_kept_folder(folder: str) -> bool:
    return any(part in KEPT or part.lower().lstrip("_.") in KEPT for part in folder.split("/"))
