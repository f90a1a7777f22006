"""kubeconform as a program: found, started, matched to documents, and never trusted to behave."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from validator import kubeconform as adapter
from validator import schema
from validator.errors import ToolError
from validator.kubeconform import Result, Run, Verdicts, binary
from validator.kubeconform import run as running
from validator.read.files import MAX_BYTES

BAD = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"a": 1}}
GOOD = BAD | {"stringData": {"a": "1"}}
ADDED = ["`stringData.a` must be a string, is an integer; put it in quotes"]


def program(folder: Path, body: str, version: str = "v0.7.0") -> Path:
    """Write a program that acts as kubeconform: `-v` tells the version, anything else runs `body`."""
    path = folder / "kubeconform"
    head = f"#!{sys.executable}\nimport json, os, sys, time\nif sys.argv[1:] == ['-v']:\n    print('{version}')\n"
    path.write_text(f"{head}else:\n    {body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    root.mkdir()
    return root


def write(root: Path, name: str, *documents: Any) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n---\n".join(map(json.dumps, documents)), encoding="utf-8")


def messages(verdicts: Verdicts, path: str, value: Any) -> list[str]:
    return [problem.message for problem in verdicts.problems(path, value)]


class TestBinary:
    def test_the_variable_wins_over_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = program(tmp_path, "pass")
        monkeypatch.setenv("PATH", "/nowhere")
        monkeypatch.setenv(binary.VARIABLE, str(path))
        assert adapter.find() == path

    def test_a_variable_that_names_nothing_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(binary.VARIABLE, "/no/such/program")
        with pytest.raises(ToolError, match="names `/no/such/program`, which is no program"):
            adapter.find()

    def test_our_own_folder_comes_after_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        own = tmp_path / "own"
        own.mkdir()
        program(own, "pass")
        monkeypatch.delenv(binary.VARIABLE, raising=False)
        monkeypatch.setattr(binary, "own_folder", lambda: own)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert adapter.find() == own / "kubeconform"
        assert adapter.find() != program(tmp_path, "pass")
        assert adapter.find() == tmp_path / "kubeconform"

    def test_modes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(binary.VARIABLE, raising=False)
        monkeypatch.setattr(binary, "own_folder", lambda: tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert adapter.locate("off") is None
        assert adapter.locate("auto") is None
        assert adapter.start(tmp_path) is None
        with pytest.raises(ToolError, match="required and is neither on PATH") as caught:
            adapter.locate("require")
        assert "kubeconform.install" in (caught.value.hint or "")
        program(tmp_path, "pass")
        assert adapter.locate("off") is None
        assert adapter.locate("require") == tmp_path / "kubeconform"

    @pytest.mark.parametrize("told", ["v0.6.7", "0.4.13"])
    def test_an_old_one_is_refused(self, tmp_path: Path, told: str) -> None:
        run = Run(program(tmp_path, "pass", told), tmp_path)
        with pytest.raises(ToolError, match=r"is too old, 0\.7 or later is needed"):
            run.verdicts()

    @pytest.mark.parametrize("told", ["v0.7.0", "v0.8.1", "v1.0.0", "development"])
    def test_a_new_one_and_one_that_does_not_tell_are_taken(self, tmp_path: Path, told: str) -> None:
        binary.check_version(program(tmp_path, "pass", told))

    def test_what_go_notes_in_the_file_is_read(self, tmp_path: Path) -> None:
        path = program(tmp_path, "pass", "development")
        path.write_bytes(path.read_bytes() + b"\n# mod\tgithub.com/yannh/kubeconform\tv0.6.1\th1:x\n")
        assert binary.version(path) == "0.6.1"

    def test_a_file_that_is_no_program(self, tmp_path: Path) -> None:
        path = tmp_path / "kubeconform"
        path.write_text("nothing", encoding="utf-8")
        path.chmod(0o755)
        with pytest.raises(ToolError, match="does not run"):
            Run(path, tmp_path).verdicts()

    def test_the_real_one(self, kubeconform: Path) -> None:
        binary.check_version(kubeconform)
        assert binary.version(kubeconform)


class TestProgram:
    def test_what_it_is_given(self, tmp_path: Path, tree: Path) -> None:
        write(tree, "a.yaml", GOOD)
        write(tree, "-n.yml", GOOD)
        seen = "[sys.argv[1:], os.getcwd(), dict(os.environ)]"
        keep = f"json.dump({seen}, open('../seen', 'w')); print('{{\"resources\": []}}')"
        Run(program(tmp_path, keep), tree).verdicts()
        arguments, folder, environment = json.loads((tmp_path / "seen").read_text())
        assert arguments[-3:] == ["--", "./-n.yml", "./a.yaml"]
        assert Path(folder).resolve() == tree.resolve()
        assert environment["HTTPS_PROXY"] == "http://127.0.0.1:9"
        assert arguments[arguments.index("-schema-location") + 1].endswith("_{{.ResourceAPIVersion}}.json")

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ("sys.exit(3)", "ended with 3 and gave no readable result"),
            ("print('{')", "ended with 0 and gave no readable result"),
            ("print('[]')", "gave no readable result"),
            ("print('{\"resources\": [{}]}')", "gave no readable result"),
            ("sys.stderr.write('schema\\x1b[31m lost\\nmore'); sys.exit(1)", r"result: schema\[31m lost\n"),
        ],
    )
    def test_what_is_no_result(self, tmp_path: Path, tree: Path, body: str, message: str) -> None:
        write(tree, "a.yaml", GOOD)
        with pytest.raises(ToolError, match=message):
            Run(program(tmp_path, body), tree).verdicts()

    def test_it_may_not_take_for_ever(self, tmp_path: Path, tree: Path) -> None:
        write(tree, "a.yaml", GOOD)
        run = Run(program(tmp_path, "time.sleep(60)"), tree, timeout=1.5)
        begin = time.monotonic()
        with pytest.raises(ToolError, match="gave no result in 2 seconds"):
            run.verdicts()
        assert time.monotonic() - begin < 30
        assert run._process is not None
        assert run._process.wait(10) != 0

    def test_where_it_is_not_required_the_built_in_engine_answers(self, tmp_path: Path, tree: Path) -> None:
        write(tree, "a.yaml", BAD)
        for body, version, timeout in (
            ("pass", "v0.6.7", 9),
            ("sys.exit(1)", "v0.7.0", 9),
            ("time.sleep(60)", "v0.7.0", 1),
        ):
            run = Run(program(tmp_path, body, version), tree, required=False, timeout=timeout)
            verdicts = run.verdicts()
            assert verdicts.failure is not None
            assert messages(verdicts, "a.yaml", BAD) == ADDED

    def test_it_can_be_stopped(self, tmp_path: Path, tree: Path) -> None:
        write(tree, "a.yaml", GOOD)
        run = Run(program(tmp_path, "time.sleep(60)"), tree)
        run.stop()
        assert not run.verdicts().results

    def test_many_files_go_in_several_batches(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tree: Path
    ) -> None:
        for number in range(40):
            write(tree, f"{number:02}.yaml", GOOD)
        names = "[a for a in sys.argv if a.startswith('./')]"
        item = "dict(filename=n, kind='Secret', name='a', version='v1', status='statusValid', msg='')"
        monkeypatch.setattr(running, "_room", lambda: 200)
        body = f"print(json.dumps(dict(resources=[{item} for n in {names}])))"
        verdicts = Run(program(tmp_path, body), tree).verdicts()
        assert [result.path for result in verdicts.results] == [f"{number:02}.yaml" for number in range(40)]

    def test_huge_output(self, tmp_path: Path, tree: Path) -> None:
        write(tree, "a.yaml", GOOD)
        item = "dict(filename='a', kind='Secret', name='a', version='v1', status='statusError', msg='x' * 20000000)"
        verdicts = Run(program(tmp_path, f"print(json.dumps(dict(resources=[{item}])))"), tree).verdicts()
        assert len(verdicts.errors) == 1


class TestFiles:
    def test_only_what_our_reader_reads_and_nothing_out_of_the_root(self, tmp_path: Path, tree: Path) -> None:
        write(tmp_path, "outside.yaml", BAD)
        for name in (
            "a.yaml",
            "b.yml",
            "c.json",
            "d.txt",
            ".git/e.yaml",
            "node_modules/f.yaml",
            "g/h.yaml",
            "i.yaml/j.yaml",
        ):
            write(tree, name, GOOD)
        (tree / "link.yaml").symlink_to(tmp_path / "outside.yaml")
        (tree / "inside.yaml").symlink_to("a.yaml")
        (tree / "gone.yaml").symlink_to("nowhere")
        (tree / "loop").symlink_to(tree)
        (tree / "big.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
        os.mkfifo(tree / "pipe.yaml")
        found = sorted(running.yaml_paths(tree))
        assert found == ["a.yaml", "b.yml", "g/h.yaml", "i.yaml/j.yaml", "inside.yaml"]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
    def test_a_file_that_cannot_be_read_does_not_hide_the_others(self, kubeconform: Path, tree: Path) -> None:
        write(tree, "a.yaml", BAD)
        write(tree, "b.yaml", BAD)
        (tree / "a.yaml").chmod(0)
        assert messages(Run(kubeconform, tree).verdicts(), "b.yaml", BAD) == ADDED

    def test_odd_names(self, kubeconform: Path, tree: Path) -> None:
        names = [
            "-n.yaml",
            "--.yaml",
            "a b.yaml",
            "ü.yaml",
            "a\nb.yaml",
            "{{.Group}}.yaml",
            "%s.yaml",
            "'\".yaml",
            "[a].yaml",
        ]
        for name in names:
            write(tree, name, BAD)
        verdicts = Run(kubeconform, tree).verdicts()
        assert sorted(result.path for result in verdicts.results) == sorted(names)
        for name in names:
            assert messages(verdicts, name, BAD) == ADDED

    def test_a_name_that_is_not_unicode_stays_with_the_built_in_engine(self, kubeconform: Path, tree: Path) -> None:
        name = os.fsdecode(b"\xff.yaml")
        try:
            write(tree, name, BAD)
        except OSError:
            pytest.skip("this file system takes Unicode names only")
        verdicts = Run(kubeconform, tree).verdicts()
        assert not verdicts.results
        assert messages(verdicts, name, BAD) == ADDED


class TestDocuments:
    @pytest.fixture
    def check(self, kubeconform: Path, tree: Path) -> Any:
        def run(text: str, *values: Any) -> list[list[str]]:
            (tree / "a.yaml").write_text(text, encoding="utf-8")
            verdicts = Run(kubeconform, tree).verdicts()
            return [messages(verdicts, "a.yaml", value) for value in values]

        return run

    def test_several_in_one_file(self, check: Any) -> None:
        other = BAD | {"metadata": {"name": "b"}}
        text = "\n---\n".join(map(json.dumps, (GOOD, other)))
        assert check(text, GOOD, other) == [[], ADDED]

    def test_two_of_one_name(self, check: Any) -> None:
        here, there = ({**d, "metadata": {"name": "a", "namespace": n}} for d, n in ((GOOD, "x"), (BAD, "y")))
        assert check("\n---\n".join(map(json.dumps, (there, here))), here, there) == [[], ADDED]

    def test_items_of_a_list(self, check: Any) -> None:
        value = {"apiVersion": "v1", "kind": "List", "items": [GOOD | {"metadata": {"name": "b"}}, BAD]}
        (told,) = check(json.dumps(value), value)
        assert told == ADDED
        (problem,) = schema.check("v1", "List", value)
        assert problem.pointer == ("items", 1, "stringData", "a")

    def test_encrypted(self, check: Any) -> None:
        value = GOOD | {"sops": {"mac": "x"}, "data": {"a": "ENC[AES256_GCM,data:x]"}}
        assert check(json.dumps(value), value) == [[]]

    def test_a_kustomization_without_a_kind_stays_with_the_built_in_engine(self, check: Any) -> None:
        value: dict[str, Any] = {"resources": ["a.yaml"]}
        assert check(json.dumps(value), value) == [[]]
        value = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resource": ["a.yaml"]}
        assert check(json.dumps(value), value) == [["unknown field `resource`, did you mean `resources`?"]]

    def test_unknown_kinds_and_files_that_are_no_manifests(self, check: Any) -> None:
        pod = {"apiVersion": "v1", "kind": "Pod", "nonsense": 1}
        assert check(json.dumps(pod), pod) == [[]]
        assert check("a: [", None) == [[]]
        assert check("", None) == [[]]
        assert check("- 1\n- 2\n", [1, 2]) == [[]]

    def test_duplicate_keys_are_left_to_our_reader(self, kubeconform: Path, tree: Path) -> None:
        (tree / "a.yaml").write_text(json.dumps(GOOD)[:-1] + ', "type": "a", "type": "b"}', encoding="utf-8")
        verdicts = Run(kubeconform, tree).verdicts()
        assert [result.status for result in verdicts.results] == ["error"]
        assert verdicts.errors == verdicts.results
        assert not messages(verdicts, "a.yaml", GOOD)

    def test_a_name_that_is_a_number(self, check: Any) -> None:
        value = GOOD | {"metadata": {"name": 5}}
        assert check(json.dumps(value), value) == [
            ["`metadata.name` must be a string, is an integer `5`; put it in quotes"]
        ]

    def test_generated_names(self, check: Any) -> None:
        value = BAD | {"metadata": {"generateName": "a-"}}
        assert check(json.dumps(value), value) == [["`metadata.name` is missing", *ADDED]]

    def test_variables_of_flux(self, check: Any) -> None:
        value = GOOD | {"immutable": "${frozen}"}
        assert check(json.dumps(value), value) == [[]]

    def test_a_kind_that_leads_out_of_the_schemas(self, kubeconform: Path, tree: Path, tmp_path: Path) -> None:
        (tmp_path / "evil_v1.json").write_text('{"not": {}}', encoding="utf-8")
        kind = os.path.relpath(tmp_path / "evil", schema.kinds.folder() / "core")
        value = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}}
        write(tree, "a.yaml", value)
        assert not messages(Run(kubeconform, tree).verdicts(), "a.yaml", value)


def test_a_message_that_cannot_be_read_leaves_the_reason_to_the_built_in_engine() -> None:
    result = Result("a.yaml", "v1", "Secret", "a", "invalid", "something new")
    assert messages(Verdicts([result]), "a.yaml", BAD) == ADDED
    (told,) = messages(Verdicts([result]), "a.yaml", GOOD)
    assert told.startswith("kubeconform refuses the document")


def test_partial_documents() -> None:
    patch = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}}
    message = "jsonschema validation failed with 'file:///s#' - at '': missing property 'spec'"
    verdicts = Verdicts([Result("a.yaml", "v1", "Service", "a", "invalid", message)])
    assert messages(verdicts, "a.yaml", patch) == ["`spec` is missing"]
    assert not verdicts.problems("a.yaml", patch, partial=True)
    assert not Verdicts([]).problems("a.yaml", patch, partial=True)


def test_a_document_that_kubeconform_did_not_see_is_judged_all_the_same() -> None:
    assert messages(Verdicts([]), "a.yaml", BAD) == ADDED
