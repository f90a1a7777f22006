"""What the rules on files that cannot be read have in common."""

from __future__ import annotations

from collections.abc import Iterator

from validator.finding import Problem
from validator.model import Estate
from validator.read.documents import Document, Ref, Unreadable
from validator.read.exact import Node, Tree


def told(estate: Estate, cause: str) -> Iterator[Problem]:
    """Yield a problem for every unreadable file of one cause, Helm templates left out: they are no YAML by design."""
    for item in estate.unreadable:
        if item.cause == cause and not (cause != "file" and _is_helm_template(estate, item.path)):
            yield Problem(place(item), f"{item.message}; {item.hint}" if item.hint else item.message)


def place(item: Unreadable) -> Ref:
    """Return a reference to where reading stopped: the file has no document to point into."""
    return Ref(Document(item.path, 0, 0, b"", None, _tree=Tree(Node(None, item.line, item.column), item.line)))


def _is_helm_template(estate: Estate, path: str) -> bool:
    folders = path.split("/")[:-1]
    charts = ("/".join(folders[:index]) for index, name in enumerate(folders) if name == "templates")
    return any(estate.folders.documents(f"{chart}/Chart.yaml" if chart else "Chart.yaml") for chart in charts)
