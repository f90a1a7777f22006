"""Chart values that a release takes from Secrets, where the repository shows what is in them: a template, or a placeholder.

Only the names of the keys are used, never their values.
Source: fluxcd.io HelmRelease v2, valuesFrom; external-secrets.io ExternalSecret, target.template.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from validator.errors import InputError
from validator.model import Release
from validator.read import inside
from validator.read.effective import Layer, nested
from validator.read.flux import text_layer
from validator.read.rows import first_value
from validator.secrets.objects import SecretObject, secrets, texts

DEFAULT_KEY = "values.yaml"


def layers(release: Release) -> list[Layer] | None:
    """Return the values that Secrets give a release, None where one of them cannot be read."""
    entries = release.manifest.spec.get("valuesFrom")
    found: list[Layer] = []
    made = {one.name: one for one in secrets(release.cluster) if one.namespace in {release.manifest.namespace, ""}}
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict) or entry.get("kind") != "Secret":
            continue
        path = entry.get("targetPath")
        if isinstance(path, str):
            where = ("spec", "valuesFrom", index)
            found.append(Layer(nested(path, ""), release.manifest, where, text=True))
            continue
        layer = _layer(made.get(str(entry.get("name"))), entry)
        if layer is None:
            return None
        found.append(layer)
    return found


def _layer(secret: SecretObject | None, entry: dict[str, Any]) -> Layer | None:
    key = entry.get("valuesKey", DEFAULT_KEY)
    if secret is None or secret.more or secret.manifest.uncertain:
        return None
    pointer, text = next(((at, text) for at, text in texts(secret.manifest) if at[-1] == key), ((), None))
    shown = inside.hidden(text) if text is not None else None
    if shown is None or secret.manifest.overlays:
        return text_layer(shown, secret.manifest, pointer) if shown is not None else None
    value = _value(shown)
    return Layer(value, secret.manifest, pointer, text=True, whole=True) if value is not None else None


@lru_cache(maxsize=1024)
def _value(text: str) -> dict[str, Any] | None:
    """Read a values document, which most clusters have in the same words; the value must not be changed."""
    try:
        found = first_value(text.encode(), "")
    except InputError:
        return None
    return found if isinstance(found, dict) else None
