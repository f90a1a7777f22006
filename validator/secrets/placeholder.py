"""Tell a placeholder from a value that could be a secret.

A text is a placeholder when it is one of these, letters in any case, and nothing around it:
- empty, or only of the characters `x`, `*`, `.`, `-`, `_`, `?`, `#`;
- a word of the list `WORDS` (`REPLACE-ME`, `CHANGEME`, `TODO`, ...; `-`, `_` and blanks between words do not count), alone or
  followed by `-`, `_`, `:` or a blank and a note, as in `REPLACE-ME-avi-password`;
- a name in angle brackets (`<avi password>`), but not `<encoded:...>`, which TKG decodes;
- a reference that something else fills in: `${NAME}`, `$(NAME)`, `{{ ... }}`, `<path:...>`, `ref+...`, `vault:...`, `op://...`;
- what SOPS or Sealed Secrets encrypted.
"""

from __future__ import annotations

import re
from functools import lru_cache

WORDS = (
    "replaceme",
    "changeme",
    "placeholder",
    "redacted",
    "todo",
    "fixme",
    "tbd",
    "setme",
    "fillme",
    "yoursecrethere",
)
_FILLER = re.compile(r"[xX*.\-_?#\s]*")
_BRACKETS = re.compile(r"<(?!encoded:)[^<>]+>")
_REFERENCE = re.compile(r"\$\{[^{}]+\}|\$\([^()]+\)|\{\{.*\}\}|(?:ref\+[a-z0-9]+://|vault:)\S+|op://[^/\n]+/[^\n]+")
_ENCRYPTED = re.compile(r"ENC\[[A-Z0-9_]+,.*\]", re.DOTALL)
_WORD = re.compile(
    r"(?:" + "|".join(r"[-_ ]?".join(word) for word in WORDS) + r")(?:[-_: ].*)?", re.IGNORECASE | re.DOTALL
)


@lru_cache(maxsize=4096)
def is_placeholder(text: str) -> bool:
    """Return whether a text stands for a secret instead of being one."""
    text = text.strip()
    return any(pattern.fullmatch(text) for pattern in (_FILLER, _BRACKETS, _REFERENCE, _ENCRYPTED, _WORD))


def is_encrypted(text: str) -> bool:
    """Return whether a text is what SOPS writes in place of a value."""
    return _ENCRYPTED.fullmatch(text.strip()) is not None
