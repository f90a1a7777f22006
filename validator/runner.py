"""Run the rules over a repository: from the model to sorted findings."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import InputError
from validator.finding import Finding, Problem, Related, Severity
from validator.model import Estate
from validator.options import Options
from validator.parallel import Aside, Shared
from validator.read.documents import Document, Ref
from validator.read.estate import assemble, read_files
from validator.read.reading import Reading
from validator.rules import Rule, all_rules

if TYPE_CHECKING:
    from validator.kubeconform import Run

CRASH = "INT000"
WORTH_A_FORK = 1500
"""Documents from which on a second process pays."""
BATCH = 2
"""Rules that one process takes at once, at most: few enough that both end together."""
SECRETS = "SEC"
"""Subject of the rules that look everywhere: a secret is out wherever it stands."""
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
    questions: tuple[int, int] | None = None
    """Of a live check: the questions that were put, and those of them that were answered."""

    @property
    def verb(self) -> str:
        return "validate" if self.questions is None else "verify"

    @property
    def scope(self) -> str:
        """Return how much was looked at, as the last line of a report says it."""
        if self.questions is None:
            return f"{self.files} files, {self.documents} documents"
        asked, answered = self.questions
        return f"{asked} questions, {answered} answered" if answered else f"{asked} questions, none answered"

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


def run(
    root: Path,
    options: Options | None = None,
    *,
    base: Estate | None = None,
    texts: Mapping[str, bytes] | None = None,
    reading: Reading | None = None,
) -> Report:
    """Check a repository; raise InputError where `root` is no folder or holds no YAML.

    `base` is the state to compare with; without it, `options.base` names a revision to read it from. `texts` stand in
    for files by their paths. `reading` is given where somebody began to read the repository already.
    """
    options = options or Options()
    if not root.is_dir():
        raise InputError("is not a folder", path=str(root), hint="give the root of an estate repository")
    with contextlib.ExitStack() as ends:
        binary = _start_kubeconform(root, options)
        if binary is not None:
            ends.callback(binary.stop)
        ahead = Ahead(options)
        ends.callback(ahead.end)
        if reading is None:
            reading = Reading(root, options.exclude, texts)
            ends.callback(reading.end)
        _prepare()
        estate = assemble(reading.contents(), str(root), ahead.start)
        if not estate.documents and not estate.unreadable and not estate.templates:
            raise InputError("holds no YAML file", path=str(root), hint="give the root of an estate repository")
        estate.base = base
        if base is None and options.base is not None:
            from validator.read.history import files_at

            estate.base = read_files(files_at(root, options.base), str(root), options.exclude)
        for path in options.cluster_classes:
            _read_class(estate, Path(path))
        findings = list(check(estate, options, binary, ahead))
    from validator.filters import precedence, suppress

    findings, suppressed = suppress.apply(
        estate, findings, lambda one: wanted(one, options) and not (one.needs_base and estate.base is None)
    )
    findings = precedence.told_once(findings)
    if options.baseline is not None:
        from validator.filters import baseline

        findings, hidden = baseline.apply(root, options.baseline, findings)
        suppressed += hidden
    return report(estate, findings, suppressed)


def report(estate: Estate, findings: Iterable[Finding], suppressed: int = 0) -> Report:
    """Sort findings, drop exact repetitions, and keep the text of the files they point into."""
    unique = {(*finding.order, finding.severity): finding for finding in findings}
    ordered = tuple(sorted(unique.values(), key=lambda finding: finding.order))
    wanted = {finding.path for finding in ordered} | {r.path for f in ordered for r in f.related}
    every = [*estate.documents, *estate.dns_files]
    paths = {document.path for document in every}
    paths |= {item.path for item in (*estate.unreadable, *estate.dns_unreadable)}
    sources: dict[str, bytes] = {}
    for document in every:
        if document.path in wanted:
            sources[document.path] = sources.get(document.path, b"") + _text(document)
    return Report(estate.root, len(paths), len(estate.documents), ordered, suppressed, sources)


def _text(document: Document) -> bytes:
    return document.data if document.line_offset or document.index == 0 else b""


def _prepare() -> None:
    """Import what the rules need: work for this process while another one reads."""
    with contextlib.suppress(ImportError):  # the engine does without it
        import jsonschema_rs  # noqa: F401
    all_rules()


class Ahead:
    """What another process finds out from the files while this one puts the clusters together.

    Rules that find nothing there are done; the others run once more with all that is known, and tell what they find.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._aside: Aside | None = None

    def start(self, estate: Estate) -> None:
        """Begin with an estate whose clusters are not known yet, where that pays."""
        if len(estate.documents) >= WORTH_A_FORK:
            self._aside = Aside([lambda: estate.declared_problems, lambda: self._silent(estate)])

    def _silent(self, estate: Estate) -> frozenset[str]:
        rules = [one for one in all_rules() if one.early and wanted(one, self._options)]
        return frozenset(one.id for one in rules if _is_silent(one, estate))

    def tell(self, estate: Estate) -> None:
        """Give the estate what is known of its estate file."""
        problems = self._aside.result() if self._aside else None
        if problems is not None:
            estate.declared_problems = problems

    def silent(self) -> frozenset[str]:
        """Return the rules that found nothing."""
        found: frozenset[str] | None = self._aside.result() if self._aside else None
        return found or frozenset()

    def end(self) -> None:
        if self._aside is not None:
            self._aside.end()


def _is_silent(one: Rule, estate: Estate) -> bool:
    """Return whether a rule finds nothing; one that fails is not silent, it will be heard when it runs again."""
    try:
        return next(iter(one.check(estate)), None) is None
    except Exception:  # noqa: BLE001  # whatever it is, it happens again where it is told
        return False


def check(estate: Estate, options: Options, binary: Run | None = None, ahead: Ahead | None = None) -> Iterator[Finding]:
    """Run every selected rule; one that crashes becomes a finding and hides nothing.

    Where kubeconform judges for the rule on kinds, that rule comes last and in this process: the others run in the
    meantime.
    """
    places = _Places(estate)
    pays = len(estate.documents) >= WORTH_A_FORK

    def run_all(rules: Iterable[Rule]) -> list[Finding]:
        work: Shared[list[Rule], list[Finding], list[Finding]] = Shared(
            lambda batch: _check(estate, options, batch, places), _batches(rules), lambda found: found, pays=pays
        )
        return [finding for part in work.results() for finding in part]

    ahead = ahead or Ahead(options)
    ahead.tell(estate)
    chosen = [one for one in all_rules() if wanted(one, options)]
    last = [one for one in chosen if one.id == KINDS and binary is not None]
    found = run_all(one for one in chosen if not one.early and one not in last)
    silent = ahead.silent()
    found += run_all(one for one in chosen if one.early and one.id not in silent)
    documents = {(one.path, one.index): one for one in estate.documents} if any(one.fix for one in found) else {}
    yield from (_at_home(finding, documents) if finding.fix else finding for finding in found)
    if last and binary is not None:
        estate.judge = binary.verdicts().problems
        yield from _check(estate, options, last, places)


def _batches(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Put rules together that one process should run: those of a subject ask the model for the same things."""
    subjects: dict[str, list[Rule]] = {}
    for one in rules:
        subjects.setdefault(one.id[:3], []).append(one)
    return [group[start : start + BATCH] for group in subjects.values() for start in range(0, len(group), BATCH)]


def _at_home(finding: Finding, documents: Mapping[tuple[str, int], Document]) -> Finding:
    """Return a finding whose edits point into the documents of this process: only their names come from another one."""
    edits = (
        replace(edit, at=replace(edit.at, document=documents[edit.at.document.path, edit.at.document.index]))
        for edit in finding.fix
    )
    return replace(finding, fix=tuple(edits))


def _check(estate: Estate, options: Options, rules: Sequence[Rule], places: _Places) -> list[Finding]:
    found: list[Finding] = []
    for one in rules:
        asked = options.severities.get(one.id)
        try:
            for problem in one.check(estate):
                if not one.id.startswith(SECRETS) and estate.is_put_aside(problem.at.document.path):
                    continue
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

    if options.kubeconform == "off":
        return None
    rule = next((one for one in all_rules() if one.id == KINDS), None)
    if options.kubeconform == "require":
        kubeconform.locate("require")
    return kubeconform.start(root, options.kubeconform) if rule and wanted(rule, options) else None
