"""The built-in engine: what it says, where it says it, and what it keeps to itself."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.unit.schema.kind_samples import faulty, good, schemas
from validator import schema
from validator.schema import engine
from validator.schema.kinds import find
from validator.schema.wording import describe


def release(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": "ako"},
        "spec": {"interval": "5m", "chartRef": {"kind": "OCIRepository", "name": "ako"}, **spec},
    }


def secret(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "avi-secret"}, **fields}


def ingress(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "shop"}, "spec": spec}


def backend(**fields: Any) -> dict[str, Any]:
    return ingress(defaultBackend=fields)


def messages(document: dict[str, Any], **options: Any) -> list[str]:
    found = schema.check(document["apiVersion"], document["kind"], document, **options)
    return [problem.message for problem in found]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (release(intervall="5m"), "unknown field `intervall` in `spec`, did you mean `interval`?"),
        (release(Interval="5m"), "unknown field `Interval` in `spec`, did you mean `interval`?"),
        (release(chartRef={"name": "ako"}), "`spec.chartRef.kind` is missing"),
        (
            release(interval=5),
            "`spec.interval` must be a string, is an integer `5`; put it in quotes",
        ),
        (release(suspend="true"), "`spec.suspend` must be a boolean, is a string `true`"),
        (release(dependsOn={"name": "a"}), "`spec.dependsOn` must be a list, is a mapping"),
        (release(chartRef={"kind": "OCIRepository", "name": None}), "`spec.chartRef.name` must be a string, is empty"),
        (release(interval="5x"), "`spec.interval` must be a duration such as `5m` or `1h30m`, is `5x`"),
        (
            release(upgrade={"crds": "createReplace"}),
            (
                "`spec.upgrade.crds` must be one of `Skip`, `Create`, `CreateReplace`, is `createReplace`, "
                "did you mean `CreateReplace`?"
            ),
        ),
        (release(releaseName=""), "`spec.releaseName` must not be empty"),
        (release(releaseName="a" * 54), "`spec.releaseName` must have at most 53 characters, has 54"),
        (
            secret(metadata={"name": "a", "annotations": {"x.io/on": True}}),
            '`metadata.annotations["x.io/on"]` must be a string, is a boolean `true`; put it in quotes',
        ),
        (secret(metadata={}), "`metadata.name` is missing"),
        (backend(service={"name": "a", "port": {}}), "`spec.defaultBackend.service.port` must have `name` or `number`"),
        (
            backend(service={"name": "a", "port": {"name": "x", "number": 80}}),
            "`spec.defaultBackend.service.port` must have only one of `name`, `number`",
        ),
        (
            backend(service={"name": "a", "port": {"number": 70000}}),
            "`spec.defaultBackend.service.port.number` must be at most 65535, is `70000`",
        ),
        (ingress(), "`spec` must have `defaultBackend` or `rules`"),
        (
            ingress(rules=[{"host": "https://shop.example.com"}]),
            (
                "`spec.rules[0].host` must be a host name in lower case, without scheme, port or path; `*.` may "
                "stand in front, is `https://shop.example.com`"
            ),
        ),
    ],
)
def test_messages(document: dict[str, Any], message: str) -> None:
    assert messages(document) == [message]


def test_good_documents_have_no_problems() -> None:
    assert not messages(release())
    assert not messages(secret(stringData={"username": "admin"}))
    assert not messages(release(values={"anything": {"goes": [1, "two", None]}}, suspend=None))


def test_a_problem_points_to_the_field() -> None:
    (unknown,) = schema.check("helm.toolkit.fluxcd.io/v2", "HelmRelease", release(intervall="5m"))
    assert (unknown.pointer, unknown.keyword, unknown.at_key) == (("spec", "intervall"), "additionalProperties", True)
    (missing,) = schema.check("helm.toolkit.fluxcd.io/v2", "HelmRelease", release(chartRef={"name": "a"}))
    assert (missing.pointer, missing.keyword, missing.at_key) == (("spec", "chartRef"), "required", False)


def test_problems_are_sorted_by_place_with_list_items_in_order() -> None:
    rules = [{"host": 1}] * 11
    found = schema.check("networking.k8s.io/v1", "Ingress", ingress(rules=rules))
    assert [problem.pointer[2] for problem in found] == list(range(11))


@pytest.mark.parametrize("place", ["data", "stringData"])
def test_the_value_of_a_secret_is_never_told(place: str) -> None:
    for value in (12345678, True, ["s3cret"], {"a": "s3cret"}, "s3cret!", 1.5):
        for message in messages(secret(**{place: {"password": value, "plain": value}})):
            assert "s3cret" not in message
            assert "12345678" not in message
    assert messages(secret(stringData={"plain": 12345678})) == [
        "`stringData.plain` must be a string, is an integer; put it in quotes"
    ]


def test_values_under_telling_names_are_not_told_anywhere() -> None:
    store = {"token": 42, "vault": {"token": 42}}
    document = {
        "apiVersion": "external-secrets.io/v1",
        "kind": "SecretStore",
        "metadata": {"name": "a"},
        "spec": {"provider": store},
    }
    assert not any("42" in message for message in messages(document))


def test_flux_variables_stand_for_any_text() -> None:
    assert not messages(release(interval="${interval}", suspend="${suspended:=false}", chartRef="${ref}"))
    assert messages(release(interval="$interval"))
    assert messages(release(**{"${field}": "a"}))


def test_what_sops_has_encrypted_is_not_judged() -> None:
    sops = {"mac": "x", "version": "3.9.0"}
    assert not messages(secret(data={"a": "ENC[AES256_GCM,data:§,type:str]"}, sops=sops))
    assert not messages(release(interval="ENC[AES256_GCM,data:x,type:str]") | {"sops": sops})
    assert messages(release(interval="ENC[AES256_GCM,data:x,type:str]"))


def test_nothing_is_missing_in_a_part_of_a_document() -> None:
    patch = {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "ako"}}
    patch["spec"] = {"$patch": "merge", "install": {"crd": "Skip"}}
    assert messages(patch, partial=True) == ["unknown field `crd` in `spec.install`, did you mean `crds`?"]
    assert not messages(ingress(), partial=True)


def test_items_of_a_list_are_checked_by_their_kinds() -> None:
    bad = secret(stringData={"a": 1})
    document = {"apiVersion": "v1", "kind": "List", "items": [release(), bad, "x", {"kind": "Secret"}]}
    (problem,) = schema.check("v1", "List", document)
    assert problem.pointer == ("items", 1, "stringData", "a")
    assert not schema.check("v1", "List", {"items": [{"apiVersion": "v1", "kind": "List", "items": [bad]}]})


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("", ""),
        ("v1", "Pod"),
        ("apps/v1", "Secret"),
        ("core/v1", "Secret"),
        ("../kinds/core/v1", "Secret"),
        ("v1", "../core/Secret"),
        ("v1", "secret\0"),
        ("a/b/v1", "Secret"),
        ("v1", "Secret_v1"),
    ],
)
def test_kinds_without_a_schema_have_no_problems(api_version: str, kind: str) -> None:
    assert not schema.known(api_version, kind)
    assert not schema.check(api_version, kind, {"anything": 1})


@pytest.mark.parametrize("value", [None, [], "text", 5, {}, {"apiVersion": 1}, {"metadata": []}])
def test_any_value_is_judged_without_a_crash(value: Any) -> None:
    assert schema.check("v1", "Secret", value)


def test_numbers_out_of_range_are_refused_not_crashed_on() -> None:
    for number in (10**400, float("nan"), float("inf"), -(2**70)):
        schema.check("helm.toolkit.fluxcd.io/v2", "HelmRelease", release(maxHistory=number, values={"a": number}))


def test_text_of_the_repository_is_safe_to_print() -> None:
    name = "a\x1b[31m\n\u202e" + "b" * 200
    (message,) = messages(release(**{name: 1}))
    assert message.isprintable()
    assert len(message) < 160


def test_nothing_heavy_is_imported_before_a_document_comes() -> None:
    code = (
        "import sys, validator.schema as s; s.known('v1', 'Secret');"
        "print([m for m in ('jsonschema', 'jsonschema_rs', 'difflib', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_jsonschema_steps_in_where_the_fast_engine_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    validator = engine._compile({"type": "string"})
    assert type(validator).__module__.startswith("jsonschema.")


@pytest.mark.parametrize("name", sorted(schemas()))
def test_jsonschema_finds_the_same(name: str) -> None:
    root = schemas()[name]
    document = good(root, full=True)
    kind = find(document["apiVersion"], document["kind"])
    assert kind is not None
    plain = engine._plain(kind.schema)
    for what, bad in faulty(root, document, 25):
        told = [fault for error in plain.iter_errors(bad) for fault in engine._faults(error)]
        assert describe(kind, bad, told) == schema.check(bad["apiVersion"], bad["kind"], bad), what
