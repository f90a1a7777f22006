"""kubeconform's message read back: the whole tree of faults, and nothing believed that does not fit the document."""

from __future__ import annotations

from typing import Any

import pytest

from validator.kubeconform.message import faults
from validator.schema.problem import Fault

HEAD = "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///s/a.json#'"


def told(*lines: str) -> str:
    """Return a message as kubeconform prints it: a line per fault, line breaks made spaces."""
    return HEAD + "".join(f" {line}" for line in lines)


@pytest.mark.parametrize(
    ("line", "value", "found"),
    [
        ("- at '/a': got number, want null or string", {"a": 1}, [Fault(("a",), "type")]),
        ("- at '': missing property 'a'", {}, [Fault((), "required", "a")]),
        ("- at '': missing properties 'a', 'b c'", {}, [Fault((), "required", "a"), Fault((), "required", "b c")]),
        ("- at '/l/1': got string, want integer", {"l": [0, "x"]}, [Fault(("l", 1), "type")]),
        ("- at '/l/1': got string, want integer", {"l": {"1": "x"}}, [Fault(("l", "1"), "type")]),
        ("- at '/a~1b~0c': value must be 'x'", {"a/b~c": "y"}, [Fault(("a/b~c",), "enum")]),
        ("- at '/a': value must be one of 'x', 'it\\'s', <nil>", {"a": "y"}, [Fault(("a",), "enum")]),
        ("- at '/a': 'a\\'b\\\\' does not match pattern '^\\\\d$'", {"a": "a'b\\"}, [Fault(("a",), "pattern")]),
        ("- at '/a': minimum: got 0, want 1", {"a": 0}, [Fault(("a",), "minimum")]),
        ("- at '/a': maximum: got 70,000, want 65,535", {"a": 70000}, [Fault(("a",), "maximum")]),
        ("- at '/a': maxLength: got 64, want 63", {"a": "x"}, [Fault(("a",), "maxLength")]),
        ("- at '/a': minItems: got 0, want 1", {"a": []}, [Fault(("a",), "minItems")]),
        ("- at '/a': maxProperties: got 2, want 1", {"a": {}}, [Fault(("a",), "maxProperties")]),
        ("- at '/a': items at 0 and 1 are equal", {"a": [1, 1]}, [Fault(("a",), "uniqueItems")]),
        ("- at '/a': not failed", {"a": 1}, [Fault(("a",), "not")]),
        (
            "- at '': additional properties 'x', 'y - at \\'/a\\': got' not allowed",
            {"x": 1, "y - at '/a': got": 2},
            [Fault((), "additionalProperties", "x"), Fault((), "additionalProperties", "y - at '/a': got")],
        ),
        (
            "- at '': additional properties '\\n\\x01\\u00a0\\U000e0001é\"' not allowed",
            {'\n\x01\u00a0\U000e0001é"': 1},
            [Fault((), "additionalProperties", '\n\x01\u00a0\U000e0001é"')],
        ),
    ],
)
def test_single_faults(line: str, value: Any, found: list[Fault]) -> None:
    assert faults(told(line), value) == found


def test_nested_groups_are_opened_and_alternatives_are_not() -> None:
    message = told(
        "- at '/a': validation failed",
        "  - at '/a': missing property 'b'",
        "  - at '/a/c': allOf failed",
        "    - at '/a/c': got string, want integer",
        "- at '/d': oneOf failed, none matched",
        "  - at '/d': missing property 'e'",
        "  - at '/d': validation failed",
        "    - at '/d/f': got string, want integer",
        "- at '/g': anyOf failed",
        "  - at '/g': missing property 'h'",
        "- at '/i': oneOf failed, subschemas 0, 1 matched",
    )
    value = {"a": {"c": "x"}, "d": {"f": "x"}, "g": {}, "i": {}}
    assert faults(message, value) == [
        Fault(("a",), "required", "b"),
        Fault(("a", "c"), "type"),
        Fault(("d",), "oneOf"),
        Fault(("g",), "anyOf"),
        Fault(("i",), "oneOf"),
    ]


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("", {}),
        (HEAD, {}),
        ("error unmarshalling resource: yaml: line 2", {}),
        (told("- at '/a': something new in 0.9"), {"a": 1}),
        (told("- at '/a': got string, want integer"), {}),
        (told("- at '/l/7': got string, want integer"), {"l": [1]}),
        (told("- at '/l/x': got string, want integer"), {"l": [1]}),
        (told("- at '': missing property 'a'"), {"a": 1}),
        (told("- at '': additional properties 'a' not allowed"), {"b": 1}),
        (told("- at '/a': missing property 'b'"), {"a": "text"}),
        # A text that ends with a backslash is quoted so that its end cannot be told.
        (told("- at '': additional properties 'a\\', 'b' not allowed"), {"a\\": 1, "b": 2}),
        (told("- at '/l/" + "9" * 5000 + "': got string, want integer"), {"l": [1]}),
    ],
)
def test_what_cannot_be_read_or_does_not_fit_is_not_believed(message: str, value: Any) -> None:
    assert faults(message, value) is None
