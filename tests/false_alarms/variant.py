"""The register of variants: a function that makes a legitimate repository, its docstring the reason why it is one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.false_alarms.tree import Data, Tree, example, rendered, rendered_example


@dataclass(frozen=True, slots=True)
class Variant:
    """One legitimate repository, and the state before it where rules on changes shall look at it too."""

    name: str
    reason: str
    make: Callable[[], Tree]
    before: Callable[[], Tree] | None = None


VARIANTS: list[Variant] = []


def _add(way: Callable[..., object], name: str, make: Callable[[], Tree], before: Callable[[], Tree] | None) -> None:
    assert way.__doc__, f"{way.__name__} does not say why it is legitimate"
    kind = "commit-" if before else ""
    VARIANTS.append(Variant(f"{kind}{way.__name__}-{name}", way.__doc__.strip(), make, before))


def of_estate(*names: str) -> Callable[[Callable[[Data], object]], Callable[[Data], object]]:
    """Register a change of the estate file of some examples; the repository is rendered from it."""

    def register(way: Callable[[Data], object]) -> Callable[[Data], object]:
        for name in names:
            _add(way, name, partial(_rendered, name, way), None)
        return way

    return register


def of_tree(*names: str) -> Callable[[Callable[[Tree], object]], Callable[[Tree], object]]:
    """Register a change of the rendered repository of some examples."""

    def register(way: Callable[[Tree], object]) -> Callable[[Tree], object]:
        for name in names:
            _add(way, name, partial(_edited, name, way), None)
        return way

    return register


def of_commit(*names: str) -> Callable[[Callable[[Data], object]], Callable[[Data], object]]:
    """Register a change of the estate file that is made in one commit, the example itself being the state before."""

    def register(way: Callable[[Data], object]) -> Callable[[Data], object]:
        for name in names:
            _add(way, name, partial(_rendered, name, way), partial(rendered_example, name))
        return way

    return register


def of_tree_commit(*names: str) -> Callable[[Callable[[Tree], object]], Callable[[Tree], object]]:
    """Register a change of the rendered repository that is made in one commit."""

    def register(way: Callable[[Tree], object]) -> Callable[[Tree], object]:
        for name in names:
            _add(way, name, partial(_edited, name, way), partial(rendered_example, name))
        return way

    return register


def changed(name: str, way: Callable[[Data], object]) -> Data:
    """Return a changed copy of an example's estate file."""
    data = copy.deepcopy(example(name))
    way(data)
    return data


def _rendered(name: str, way: Callable[[Data], object]) -> Tree:
    return rendered(changed(name, way))


def _edited(name: str, way: Callable[[Tree], object]) -> Tree:
    tree = rendered_example(name)
    way(tree)
    return tree
