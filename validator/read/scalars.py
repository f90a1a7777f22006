"""Plain scalars as the Go YAML reader behind kubectl, Flux and kubeconform resolves them.

Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go; checked against kubeconform 0.7.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

Scalar: TypeAlias = "str | int | float | bool | None"

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_PORTABLE_WORDS = frozenset({"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"})
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INTEGER = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
"""What YAML 1.1 takes for a date or a time (yaml.org/type/timestamp)."""
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_PORTABLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]+)?")


def resolve(text: str) -> Scalar:
    """Return the value that Kubernetes sees for a plain (unquoted) scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    plain = text.replace("_", "") if text[0] != "." else text
    if match := _INTEGER.fullmatch(plain):
        number = _integer(match[1], match[2])
        if -(2**63) <= number < 2**64:
            return number
    if _FLOAT.fullmatch(plain):
        value = float(plain)
        if not math.isinf(value):
            return value
    return text


def is_portable_number(text: str) -> bool:
    """Return whether a plain scalar is a number that all readers read in the same way."""
    return _PORTABLE_NUMBER.fullmatch(text) is not None


def _integer(sign: str, digits: str) -> int:
    lower = digits.lower()
    if lower.startswith("0x"):
        number = int(lower[2:], 16)
    elif lower.startswith("0b"):
        number = int(lower[2:], 2)
    elif lower.startswith("0o"):
        number = int(lower[2:], 8)
    elif lower.startswith("0") and len(lower) > 1:
        number = int(lower, 8)
    else:
        number = int(lower)
    return -number if sign == "-" else number


def ambiguity(text: str) -> str | None:
    """Say how YAML readers disagree about a plain scalar, or None where all read the same value."""
    if not text or text in _PORTABLE_WORDS:
        return None
    if text in _WORDS:
        return "a boolean to Kubernetes, a string to a YAML 1.2 reader" if text[0] in "yYnNoO" else None
    if text[0] not in "+-.0123456789" or _PORTABLE_NUMBER.fullmatch(text):
        return None
    if _DATE.fullmatch(text):
        return "a string to Kubernetes, a date to other readers"
    if _SEXAGESIMAL.fullmatch(text):
        return "a string to Kubernetes, a base-60 number to a YAML 1.1 reader"
    value = resolve(text)
    if isinstance(value, str):
        return None
    plain = text.lstrip("+-")
    if plain[:1] == "0" and len(plain) > 1 and plain[1] in "0123456789oOxXbB_":
        return f"the number {value} to Kubernetes, another value to other readers"
    if "_" in text or "e" in text.lower():
        return f"the number {value} to Kubernetes, a string to other readers"
    return None
