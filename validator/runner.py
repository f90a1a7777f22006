"""Run the rules over a repository: from the model to sorted findings."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import InputError
from validator.finding import Finding, Problem, Related, Severity
from validator.model import Estate
from validator.parallel import halves
from validator.read.documents import Document, Ref
from validator.read.estate import read_estate, read_files
from validator.rules import Rule, all_rules

if TYPE_CHECKING:
    from validator.kubeconform import Run

CRASH = "INT000"
WORTH_A_FORK = 1500
"""Documents from which on a second process pays."""
KINDS = "SCH101"
"""The rule that checks every object against the schema of its kind, which kubeconform can do for us."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run: findings sorted by path, line, column and id."""

    root: str
    files: int
    documents: int
    findings: tuple[Finding, ...]
    suppressed: int = 0
    sources: dict[str, bytes] = field(default_factory=dict, repr=False)
    """Text of the files that findings point into, for reports that show the line."""

    def count(self, severity: Severity) -> int:
        """Return the number of findings of one severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def fails(self, threshold: Severity) -> bool:
        """Return whether any finding weighs at least as much as `threshold`."""
        return any(weighs(finding.severity, threshold) for finding in self.findings)


_WEIGHT = {Severity.INFO: 0, Severity.WARNING: 1, Severity.UNVERIFIABLE: 1, Severity.ERROR: 2}


def weighs(severity: Severity, threshold: Severity) -> bool:
    """Compare severities; `unverifiable` weighs as a warning, and any threshold but `error` counts it."""
    if threshold is Severity.UNVERIFIABLE:
        return severity in {Severity.UNVERIFIABLE, Severity.ERROR}
    return _WEIGHT[severity] >= _WEIGHT[threshold]


@dataclass(frozen=True, slots=True)
class Options:
    """What to run; rules are named by id, name or subject prefix."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    kubeconform: str = "auto"
    severities: dict[str, Severity] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    """Shell patterns of paths that are not read."""
    baseline: str | None = None
    """Path of the baseline, relative to the root."""
    base: str | None = None
    """Revision that rules on changes compare with."""
    cluster_classes: tuple[str, ...] = ()
    """Files with ClusterClass manifests of your own clusters; they win over the bundled ones."""


def run(
    root: Path,
    options: Options | None = None,
    *,
    base: Estate | None = None,
    texts: Mapping[str, bytes] | None = None,
) -> Report:
    """Check a repository; raise InputError where `root` is no folder or holds no YAML.

    `base` is the state to compare with; without it, `options.base` names a revision to read it from. `texts` stand in
    for files by their paths.
    """
    options = options or Options()
    if not root.is_dir():
        raise InputError("is not a folder", path=str(root), hint="give the root of an estate repository")
    binary = _start_kubeconform(root, options)
    try:
        estate = read_estate(root, options.exclude, texts)
        if not estate.documents and not estate.unreadable:
            raise InputError("holds no YAML file", path=str(root), hint="give the root of an estate repository")
        estate.base = base
        if base is None and options.base is not None:
            from validator.read.history import files_at

            estate.base = read_files(files_at(root, options.base), str(root), options.exclude)
        for path in options.cluster_classes:
            _read_class(estate, Path(path))
        findings = list(check(estate, options, binary))
    finally:
        if binary is not None:
            binary.stop()
    from validator import precedence, suppress

    findings, suppressed = suppress.apply(
        estate, findings, lambda one: wanted(one, options) and not (one.needs_base and estate.base is None)
    )
    findings = precedence.told_once(findings)
    if options.baseline is not None:
        from validator import baseline

        findings, hidden = baseline.apply(root, options.baseline, findings)
        suppressed += hidden
    return report(estate, findings, suppressed)


def report(estate: Estate, findings: Iterable[Finding], suppressed: int = 0) -> Report:
    """Sort findings, drop exact repetitions, and keep the text of the files they point into."""
    unique = {(*finding.order, finding.severity): finding for finding in findings}
    ordered = tuple(sorted(unique.values(), key=lambda finding: finding.order))
    wanted = {finding.path for finding in ordered} | {r.path for f in ordered for r in f.related}
    paths = {document.path for document in estate.documents} | {item.path for item in estate.unreadable}
    sources: dict[str, bytes] = {}
    for document in estate.documents:
        if document.path in wanted:
            sources[document.path] = sources.get(document.path, b"") + _text(document)
    return Report(estate.root, len(paths), len(estate.documents), ordered, suppressed, sources)


def _text(document: Document) -> bytes:
    return document.data if document.line_offset or document.index == 0 else b""


def check(estate: Estate, options: Options, binary: Run | None = None) -> Iterator[Finding]:
    """Run every selected rule; one that crashes becomes a finding and hides nothing.

    The rule on kinds comes last in this process: where kubeconform judges for it, the others run in the meantime.
    """
    chosen = [one for one in all_rules() if wanted(one, options)]
    kinds = [one for one in chosen if one.id == KINDS]
    others = [one for one in chosen if one.id != KINDS]
    here = [*others[::2], *kinds]
    ordered = [*here, *others[1::2]]
    least = 0 if len(estate.documents) >= WORTH_A_FORK else len(ordered) + 1
    cut = len(here) / max(len(ordered), 1)
    documents = {(one.path, one.index): one for one in estate.documents}
    for found in halves(lambda rules: _check(estate, options, rules, binary), ordered, least=least, cut=cut):
        yield from (_at_home(finding, documents) if finding.fix else finding for finding in found)


def _at_home(finding: Finding, documents: Mapping[tuple[str, int], Document]) -> Finding:
    """Return a finding whose edits point into the documents of this process: only their names come from another one."""
    edits = (
        replace(edit, at=replace(edit.at, document=documents[edit.at.document.path, edit.at.document.index]))
        for edit in finding.fix
    )
    return replace(finding, fix=tuple(edits))


def _check(estate: Estate, options: Options, rules: Sequence[Rule], binary: Run | None) -> list[Finding]:
    places = _Places(estate)
    found: list[Finding] = []
    for one in rules:
        if one.id == KINDS and binary is not None:
            estate.judge = binary.verdicts().problems
        asked = options.severities.get(one.id)
        try:
            for problem in one.check(estate):
                severity = asked or problem.severity or one.severity
                found.append(places.finding(one.id, one.name, severity, problem))
        except Exception as error:  # noqa: BLE001  # any crash of a rule must be told, whatever it is
            found.append(_crash(one, error))
    return found


def wanted(one: Rule, options: Options) -> bool:
    """Return whether a rule is selected and not ignored."""

    def named(names: Iterable[str]) -> bool:
        return any(one.id.startswith(name.upper()) or one.name == name.lower() for name in names)

    return (not options.select or named(options.select)) and not named(options.ignore)


def _crash(one: Rule, error: Exception) -> Finding:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
    message = f"rule {one.id} `{one.name}` crashed at {where} with {type(error).__name__}; the other rules ran"
    return Finding(CRASH, "internal-error", Severity.ERROR, message, ".", 1, 1)


class _Places:
    """Turn problems into findings: lines, columns, and the cluster that a document belongs to."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._owners: dict[int, tuple[str, str]] | None = None

    def _owner(self, document: Document) -> tuple[str | None, str | None]:
        if self._owners is None:
            self._owners = {}
            for cluster in self._estate.clusters:
                for manifest in cluster.manifests:
                    self._owners.setdefault(id(manifest.document), (cluster.site, cluster.name))
        return self._owners.get(id(document), (None, None))

    def finding(self, id: str, name: str, severity: Severity, problem: Problem) -> Finding:
        line, column = problem.at.locate()
        document = problem.at.document
        site, cluster = self._owner(document)
        return Finding(
            id,
            name,
            severity,
            problem.message,
            document.path,
            line,
            column,
            problem.site or site,
            problem.cluster or cluster,
            tuple(_related(ref, text) for ref, text in problem.related),
            document.subject,
            problem.fix,
            problem.absence,
            (*problem.at.pointer, *(problem.at.inside or ())),
            document.tree.locate(problem.at.pointer[:-1]) if problem.at.key and problem.at.pointer else None,
        )


def _related(ref: Ref, text: str) -> Related:
    line, column = ref.locate()
    return Related(ref.document.path, line, column, text)


def _read_class(estate: Estate, path: Path) -> None:
    """Read the ClusterClasses of a file; raise InputError where it cannot be read or holds none."""
    from validator.read import exact
    from validator.schema.clusterclass import from_manifest

    try:
        trees = exact.load_all(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"cannot be read: {(error.strerror or 'error').lower()}", path=str(path)) from None
    kinds = [tree.value for tree in trees if isinstance(tree.value, dict) and tree.value.get("kind") == "ClusterClass"]
    if not kinds:
        hint = "kubectl get clusterclass NAME -o yaml > FILE"
        raise InputError("holds no ClusterClass", path=str(path), hint=hint)
    for value in kinds:
        try:
            found = from_manifest(value)
        except InputError as error:
            raise InputError(error.message, path=str(path), hint=error.hint) from None
        estate.classes[found.name] = found


def _start_kubeconform(root: Path, options: Options) -> Run | None:
    """Start the real kubeconform beside our own work; raise ToolError where it is required and missing."""
    from validator import kubeconform

    rule = next((one for one in all_rules() if one.id == KINDS), None)
    if options.kubeconform == "require":
        kubeconform.locate("require")
    return kubeconform.start(root, options.kubeconform) if rule and wanted(rule, options) else None
