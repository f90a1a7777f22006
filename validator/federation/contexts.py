"""How the clusters of a federation are called: which kubeconfig contexts are meant, and which are spelt wrong.

AMKO knows a cluster by the name of its kubeconfig context alone and compares those names letter by letter
(federator/controllers/utils.go, gslb/ingestion/gslb.go, 1.9.1 to 2.1.1). The same name therefore stands in many places of
every site. Where the estate file declares the contexts, they are right; otherwise the places outvote each other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from validator.facts import tkg
from validator.federation.kubeconfig import Kubeconfig, read
from validator.model import Estate, Federation, Mention, Release, mentions, says_leader
from validator.nearness import distance
from validator.read.documents import Ref

_OWN = 1.5
"""Weight of a cluster's name for itself, against 1 for each list that names it: it decides a draw."""
_LEADER = 0.1
"""Added for a list of the leader."""
_KUBECONFIG, _TKG, _BROKEN = 2.0, 3.0, -2.0
"""For a name that a kubeconfig has, that TKG gives to a known cluster, or that is made like TKG's but does not add up."""
_ADMIN = re.compile(r"(.+)-admin@(.+)")
_DIGITS = re.compile(r"\d+")
_TOKENS = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class Misnomer:
    """A context that no cluster has: where it is written, and what was probably meant."""

    text: str
    right: str | None
    mentions: list[Mention] = field(default_factory=list)
    proof: tuple[Ref, str] | None = None


@dataclass(slots=True)
class _List:
    """One list of one release: the contexts in it."""

    release: Release
    kind: tuple[str | int, ...]
    texts: set[str]


class Naming:
    """The contexts of one federation."""

    def __init__(self, estate: Estate, federation: Federation) -> None:
        self._estate = estate
        self.federation = federation
        self.mentions: dict[str, list[Mention]] = {}
        self.own: dict[str, Release] = {}
        self._lists: list[_List] = []
        self._score: defaultdict[str, float] = defaultdict(float)
        self.kubeconfigs: dict[int, Kubeconfig] = {}
        """The readable kubeconfigs, by the identity of the release."""
        self.declared = self._declared_contexts()
        for release in federation.releases:
            self._collect(release)
        self.wrong: dict[str, Misnomer] = {}
        if self.declared:
            self._against_declared()
        else:
            self._vote()

    def of(self, text: object) -> str | None:
        """Return the context that a name means, None where that is not known."""
        if not isinstance(text, str) or not text:
            return None
        misnomer = self.wrong.get(text)
        return text if misnomer is None else misnomer.right

    def meant(self, texts: Iterable[object]) -> set[str]:
        """Return the contexts that names mean, without those that mean nothing."""
        return {name for text in texts if (name := self.of(text)) is not None}

    def _declared_contexts(self) -> dict[str, Ref]:
        declared = self._estate.declared
        if declared is None or not any(cluster.declared for cluster in self.federation.clusters):
            return {}
        return {
            cluster["context"]: declared.at("sites", i, "clusters", j, "context")
            for i, site in enumerate(declared.resolved.get("sites", []))
            for j, cluster in enumerate(site.get("clusters", []))
            if isinstance(cluster.get("context"), str)
        }

    def _collect(self, release: Release) -> None:
        lists: dict[tuple[str | int, ...], set[str]] = {}
        for mention in mentions(release):
            text = mention.context
            if not isinstance(text, str) or not text:
                continue
            self.mentions.setdefault(text, []).append(mention)
            if mention.pointer == ("federation", "currentCluster"):
                self.own.setdefault(text, release)
                self._score[text] += _OWN
            else:
                lists.setdefault(mention.pointer[:2], set()).add(text)
        for kind, texts in lists.items():
            self._lists.append(_List(release, kind, texts))
            for text in texts:
                self._score[text] += 1 + _LEADER * (says_leader(release) is True)
        kubeconfig = read(release.cluster)
        if kubeconfig is not None:
            self.kubeconfigs[id(release)] = kubeconfig
            for text in kubeconfig.contexts:
                self._score[text] += _KUBECONFIG

    def _against_declared(self) -> None:
        for text, places in self.mentions.items():
            if text in self.declared:
                continue
            right = None
            for mention in places:
                own = (mention.release.cluster.declared or {}).get("context")
                if mention.pointer == ("federation", "currentCluster") and isinstance(own, str):
                    right = own
            beside = {name for group in self._lists if text in group.texts for name in group.texts}
            free = [
                name for name in self.declared if name not in beside and not (text in self.own and name in self.own)
            ]
            right = right or closest(text, free) or (free[0] if len(free) == 1 else None)
            proof = (self.declared[right], f"the estate file declares `{right}`") if right in self.declared else None
            self.wrong[text] = Misnomer(text, right, places, proof)

    def _vote(self) -> None:
        for cluster in self.federation.clusters:
            if cluster.tkg is not None and (name := tkg.admin_context(cluster.tkg.name)) in self._score:
                self._score[name] += _TKG
        for text in self.mentions:
            self._score[text] += _BROKEN * _is_broken(text)
        limit = 0.75 * max(self._score.values(), default=0)
        for text in sorted(self.mentions, key=lambda name: (self._score[name], name)):
            if self._score[text] >= limit:
                continue
            right = closest(text, (name for name in self._score if self._is_meant(text, name)))
            if right is None:
                displaced = self._displaced(text) if self._stranger(text) else set()
                if not displaced:
                    continue
                right = next(iter(displaced)) if len(displaced) == 1 else None
            self.wrong[text] = Misnomer(text, right, self.mentions[text], self._proof(right))

    def _proof(self, right: str | None) -> tuple[Ref, str] | None:
        if right is None:
            return None
        owner = self.own.get(right)
        if owner is not None:
            at = owner.at("federation", "currentCluster")
            return at, f"cluster `{owner.cluster.name}` calls itself `{right}`"
        for kubeconfig in self.kubeconfigs.values():
            if right in kubeconfig.contexts:
                return kubeconfig.contexts[right].at, f"the kubeconfig has context `{right}`"
        places = self.mentions.get(right)
        return (places[0].at, f"`{right}` stands here") if places else None

    def _stranger(self, text: str) -> bool:
        """Return whether a name is written by one of several releases only, and not as its own."""
        writers = {id(mention.release) for mention in self.mentions[text]}
        return text not in self.own and len(writers) == 1 and len(self.federation.releases) > 1

    def _displaced(self, text: str) -> set[str]:
        """Return the contexts that most other releases have in the lists where one release has `text`."""
        found: set[str] = set()
        for group in self._lists:
            if text not in group.texts:
                continue
            others = [other.texts for other in self._lists if other.kind == group.kind and other is not group]
            seen = Counter(name for texts in others for name in texts - group.texts - self.wrong.keys())
            found.update(name for name, times in seen.items() if 2 * times > len(others))
        return found

    def _is_meant(self, text: str, name: str) -> bool:
        """Return whether something speaks for `text` being a wrong spelling of `name`."""
        if name == text or name in self.wrong or self._score[name] <= self._score[text]:
            return False
        if text in self.own and name in self.own:
            return False
        with_text = [group for group in self._lists if text in group.texts]
        if any(name in group.texts for group in with_text):
            return False
        if not is_near(text, name):
            return False
        alike = _DIGITS.findall(text) == _DIGITS.findall(name) or _is_broken(text)
        if text in self.own:
            release = self.own[text]
            mine = [group for group in self._lists if group.release is release]
            if any(name in group.texts for group in mine) and not any(text in group.texts for group in mine):
                return alike or release.cluster.name not in text
        for group in with_text:
            for other in self._lists:
                if name not in other.texts or text in other.texts:
                    continue
                if other.kind == group.kind or (other.release is group.release and alike):
                    return True
            kubeconfig = self.kubeconfigs.get(id(group.release))
            if kubeconfig is not None and name in kubeconfig.contexts and text not in kubeconfig.contexts:
                return True
        return False


def is_near(text: str, name: str) -> bool:
    """Return whether two contexts differ by a slip: a few letters, or the order of their parts."""
    if _parts(text) == _parts(name):
        return True
    return distance(text.lower(), name.lower()) <= max(2, min(len(text), len(name)) // 3)


def closest(text: str, names: Iterable[str]) -> str | None:
    """Return the name that is nearest to `text` among those that differ by a slip."""
    near = [name for name in names if is_near(text, name)]
    return min(near, key=lambda name: (_parts(text) != _parts(name), distance(text, name), name), default=None)


def slip(text: str, names: Iterable[str]) -> str | None:
    """Return the name that `text` is a slip of; names that differ in their numbers are different clusters."""
    found = closest(text, names)
    same = found is not None and _DIGITS.findall(text) == _DIGITS.findall(found)
    return found if same or _is_broken(text) else None


def _parts(text: str) -> list[str]:
    return sorted(_TOKENS.split(text.lower()))


def _is_broken(text: str) -> bool:
    """Return whether a context has the form that TKG writes, with two different cluster names in it."""
    match = _ADMIN.fullmatch(text)
    return match is not None and match[1] != match[2]
