"""Settings of the nodes that the ClusterClass does not read."""

from __future__ import annotations

from collections.abc import Iterator

from validator.estate_file.checks.view import Item, View
from validator.estate_file.flaw import Flaw, shown
from validator.facts import tkg


def authorities(view: View) -> Iterator[Flaw]:
    """Find trusted authorities that no node reads, and checks of a certificate that are not left out."""
    for cluster in view.clusters:
        known = tkg.trusted_authorities(_class(view, cluster))
        if known is None:
            continue
        entries = cluster.data.get("trustedCAs") or []
        for index, entry in enumerate(entries):
            name = entry.get("name")
            if name and name not in known:
                names = " and ".join(f"`{one}`" for one in known)
                message = f"{shown(name)} is an authority that no node reads, only {names}"
                hint = "one entry takes several certificates, as one PEM text"
                yield Flaw((*cluster.place("trustedCAs"), index, "name"), message, hint)
        repository = cluster.block("imageRepository")
        if repository.data.get("tlsCertificateValidation") is False and not entries:
            message = "the certificate is checked all the same while `trustedCAs` has no entry"
            hint = "give the authority of the repository there, under the name `imageRepository`"
            yield Flaw(repository.place("tlsCertificateValidation"), message, hint)


def _class(view: View, cluster: Item) -> str:
    """Return the name of a cluster's ClusterClass, its own, that of all, or that of the TKG release."""
    release = tkg.find_minor(view.version("tkg") or "")
    found: str | None = cluster.data.get("clusterClass") or view.version("clusterClass")
    return found or (release.cluster_class if release else "")


CHECKS = (authorities,)
