"""Files below a folder `dns` that delegate domains or lead resolvers to name servers, read into documents.

The value of such a document is a list of entries `{name, type, ttl, targets[]}`, with a place for each, so that rules point
into a zone file as they do into YAML. What is recognised by its name:

    *.zone, db.*                                       zone files and parts of them
    *.nsupdate                                         dynamic updates
    *.ps1                                              Windows DNS server
    unbound*.conf, dnsmasq*.conf, Corefile*, and *.conf in a folder `unbound` or `dnsmasq`    resolvers
"""

from __future__ import annotations

import re
from functools import cache

_FORMS = (
    (re.compile(r"(?:.*/)?(?:[^/]+\.zone|db\.[^/]+)"), "zone:read"),
    (re.compile(r".*\.nsupdate"), "update:read"),
    (re.compile(r".*\.ps1"), "powershell:read"),
    (re.compile(r"(?:.*/)?(?:unbound[^/]*|unbound/[^/]+)\.conf"), "resolvers:unbound"),
    (re.compile(r"(?:.*/)?(?:dnsmasq[^/]*|dnsmasq/[^/]+)\.conf"), "resolvers:dnsmasq"),
    (re.compile(r"(?:.*/)?Corefile[^/]*"), "resolvers:coredns"),
)
"""What a path looks like, and the function that reads such a file."""


def is_form(path: str) -> bool:
    """Return whether a file is one of these, by its path."""
    return ("/dns/" in path or path.startswith("dns/")) and form(path) is not None


@cache
def form(path: str) -> str | None:
    """Return which of these a file would be, by its path: the function that reads it, as `module:name`."""
    return next((name for pattern, name in _FORMS if pattern.fullmatch(path)), None)
