"""A certificate or token that is no longer good, or not yet.

What it finds:
    A client certificate or certificate authority outside its time, a JWT behind its `exp` or before its `nbf`. Of several
    authorities the one that ends last counts. The clock is that of this machine.

Why it matters:
    Every request to the member is refused: AMKO keeps the global names as they are, and takes no change of that site in; after a
    restart it withdraws the site.
    Source: RFC 5280 4.1.2.5; RFC 7519 4.1.4; AMKO gslb/ingestion/gslb.go InitializeMemberCluster (1.9.1 to 2.1.1).

Bad:
    client certificate of `tkg-a-admin@tkg-a` ended on 2026-11-02, 28 days ago

Good:
    client certificate of `tkg-a-admin@tkg-a` ends on 2027-11-02, in 337 days

Fix:
    Take a new kubeconfig: TKG renews the admin certificate yearly. Better, give AMKO an account of its own, whose token has no
    end: `estate members rbac`.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Severity
from validator.members.checks import Fault, View, check
from validator.members.checks._ends import every
from validator.members.credentials import days_left


@check("MBR112", Severity.ERROR, sources=("RFC 5280 4.1.2.5", "RFC 7519 4.1.4"))
def expired(view: View) -> Iterator[Fault]:
    for one in every(view):
        begins, ends = one.validity.begins, one.validity.ends
        if ends is not None and ends <= view.now:
            ago = -days_left(ends, view.now) - 1
            message = f"ended on {ends:%Y-%m-%d}, {ago} {'day' if ago == 1 else 'days'} ago"
        elif begins is not None and begins > view.now:
            message = f"is good from {begins:%Y-%m-%d %H:%M} UTC on, not yet"
        else:
            continue
        yield Fault(one.entry.at(one.key), f"{one.title} of `{one.member.name}` {message}", context=one.member.name)
