"""AMKO has another UUID than the estate file says.

What it finds:
    All AMKO releases carry the same `configs.amkoUUID`, and it is not `amko.uuid` of `estate.yaml`. Where the
    releases differ among themselves, the rule on the federation tells.

Why it matters:
    AMKO marks every GSLB service that it makes with this UUID and looks for its own by it. The next rendering
    gives it another one: the services that exist are nobody's any more, and AMKO cannot make them anew under
    the same names.
    Source: AMKO gslb/cache/gslb_cache.go, `created_by` (1.9.1 to 2.1.1); helm/amko/templates/gslbconfig.yaml.

Bad:
    # estate.yaml
    amko: {uuid: 1b4e28ba-2fa1-41d2-883f-0016d3cca427}
    # every site
    configs: {amkoUUID: 6fa459ea-ee8a-4ca4-894e-db77e160355e}

Good:
    configs: {amkoUUID: 1b4e28ba-2fa1-41d2-883f-0016d3cca427}

Fix:
    Write the UUID that is in use (annotation `amko.vmware.com/amko-uuid` of GSLBConfig `gc-1`) into both.
"""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem, Severity
from validator.model import Estate
from validator.read.manifest import dig
from validator.rules import rule
from validator.rules.est._declared import differs, entries, unanimous

UUID = ("configs", "amkoUUID")


@rule("EST207", Severity.ERROR, sources=("EST", "AMKO helm/amko/templates/gslbconfig.yaml@2.1.1"))
def check(estate: Estate) -> Iterator[Problem]:
    wanted = dig(estate.declared.resolved, ("amko", "uuid")) if estate.declared else None
    known = {id(entry.cluster) for entry in entries(estate)}
    for federation in estate.federations:
        given = unanimous(federation.releases, *UUID)
        mine = all(id(cluster) in known for cluster in federation.clusters)
        if mine and estate.declared and given and isinstance(wanted, str) and given != wanted:
            at = federation.releases[0].at(*UUID)
            yield differs(at, "`configs.amkoUUID` of every site", given, wanted, estate.declared.at("amko", "uuid"))
