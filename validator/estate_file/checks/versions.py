"""Versions: known ones, and ones that work together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from validator.estate_file.checks.view import View, unknown
from validator.estate_file.flaw import Flaw, Pointer, shown
from validator.facts import ako, amko, served, tkg, version


def known(view: View) -> Iterator[Flaw]:
    """Find versions that no table knows."""
    for product, releases, name in (("ako", ako.releases(), "AKO"), ("amko", amko.releases(), "AMKO")):
        text = view.version(product)
        if text and text not in releases:
            yield _unknown(text, product, releases, name)
    text = view.version("tkg")
    if text and tkg.find_minor(text) is None and not view.version("clusterClass"):
        minors = dict.fromkeys(version.minor(name) or name for name in tkg.releases())
        yield _unknown(text, "tkg", minors, "TKG")
    for product, name in zip(served.PRODUCTS, ("Flux", "Argo CD", "External Secrets", "Sealed Secrets"), strict=True):
        text = view.version(product)
        if text and not served.known(product, text):
            yield _unknown(text, product, served.minors(product), name)


def cluster_classes(view: View) -> Iterator[Flaw]:
    """Find ClusterClasses that the declared TKG release does not have."""
    text = view.version("tkg")
    release = tkg.find_minor(text) if text else None
    at_top: Pointer = ("versions", "clusterClass")
    places: list[tuple[str | None, Pointer]] = [(view.version("clusterClass"), at_top)]
    places += [(c.data.get("clusterClass"), c.place("clusterClass")) for c in view.clusters]
    for name, at in places:
        if not name:
            continue
        if tkg.is_supervisor_class(name):
            message = f"{shown(name)} is a ClusterClass of the Supervisor, which takes other variables"
            yield Flaw(
                at, message, "use a class of a TKG management cluster on vSphere, such as `tkg-vsphere-default-v1.0.0`"
            )
        elif name in tkg.cluster_classes() and release and release.cluster_class != name:
            message = f"{shown(name)} is not the ClusterClass of TKG {text}, which has `{release.cluster_class}`"
            yield Flaw(at, message, "leave it out to get that one")
        elif (
            name not in tkg.cluster_classes()
            and name.removeprefix("tkg-vsphere-default-v").replace(".", "").isdecimal()
        ):
            yield unknown(name, at, tkg.cluster_classes(), "a ClusterClass of a known TKG release")


def pairs(view: View) -> Iterator[Flaw]:
    """Find AMKO, Kubernetes and controller versions that AKO does not work with."""
    ako_version, amko_version = view.version("ako"), view.version("amko")
    if ako_version and amko_version and amko.known(amko_version) and not amko.pairs(amko_version, ako_version):
        fitting = amko.for_ako(ako_version)
        message = f"AMKO {amko_version} does not go with AKO {ako_version}"
        hint = f"AMKO {fitting} does" if fitting else None
        yield Flaw(("versions", "amko"), message, hint, related=("versions", "ako"))
    release = ako.find(ako_version) if ako_version and ako.known(ako_version) else None
    if release is None:
        return
    for cluster in view.clusters:
        kubernetes = cluster.data.get("kubernetes")
        enabled = cluster.block("ako").data.get("enabled") and not cluster.by_tkg
        if kubernetes and enabled and release.kubernetes_enforced.holds(kubernetes) is False:
            span = release.kubernetes_enforced
            message = f"AKO {release.version} does not start on Kubernetes {shown(kubernetes)}, only on {span}"
            yield Flaw(
                cluster.place("kubernetes"), message, _others(ako.supporting(kubernetes)), related=("versions", "ako")
            )
    for site in view.sites:
        avi = site.block("avi")
        controller, lowest = avi.data.get("version"), release.avi_enforced.low
        by_tkg = site.data.get("akoManagedBy") == "tkg"  # AKO is that of the TKG release, which is not public
        if controller and not by_tkg and (version.compare(controller, lowest) or 0) < 0:
            message = (
                f"AKO {release.version} needs controller version {lowest} or newer to start, not {shown(controller)}"
            )
            yield Flaw(avi.place("version"), message, related=("versions", "ako"))


def engine(view: View) -> Iterator[Flaw]:
    """Find a Flux or Argo CD that cannot do what is rendered for it."""
    text = view.version("flux")
    flux = text if view.root.data.get("engine") == "flux" else None
    if flux and served.has("flux", flux, "takesOwnership") and not served.has("flux", flux, "disableTakeOwnership"):
        message = f"Flux {text} takes over what TKG's own AKO owns, and cannot be told not to"
        hint = f"it can from {served.since('flux', 'disableTakeOwnership')} on"
        yield Flaw(("versions", "flux"), message, hint)
    text = view.version("argocd")
    if view.root.data.get("engine") != "argocd" or not text or not served.known("argocd", text):
        return
    needed = [("valuesObject", "chart values in an Application")]
    if any(app.block("source", kind).data.get("components") for app in view.apps for kind in ("git", "oci")):
        needed.append(("kustomizeComponents", "the `components` of an app's source"))
    if any(app.data.get("pullSecret") and {"git", "oci"} & app.block("source").data.keys() for app in view.apps):
        needed.append(("kustomizePatches", "patches of an app's source, which carry its pull secret"))
    if any(app.block("source").data.get("oci") for app in view.apps):
        needed.append(("ociSource", "OCI artifacts as the source of an app"))
    for feature, what in needed:
        if served.has("argocd", text, feature) is False:
            message = f"Argo CD {text} does not know {what}"
            yield Flaw(("versions", "argocd"), message, f"it does from {served.since('argocd', feature)} on")


CHECKS = (known, cluster_classes, pairs, engine)


def _unknown(text: str, product: str, releases: Iterable[str], name: str) -> Flaw:
    near = version.nearest(releases, text)
    hint = f"the nearest known one is `{near}`" if near else None
    return Flaw(("versions", product), f"{shown(text)} is not a known {name} release", hint)


def _others(releases: tuple[str, ...]) -> str:
    newest = {version.minor(name): name for name in releases}
    listed = ", ".join(f"`{name}`" for name in newest.values())
    return f"releases of AKO that do: {listed}" if listed else "no known AKO release does"
