"""``slobook/each``: one object written down, one read for each value of something.

    annotations:
      slobook/each: provider=anthropic,openai

``${provider}`` stands for the value wherever text is written; where a name does not hold it, the
value is appended to it, in the letters that names have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from slo.model import names
from slo.spec.document import Document
from slo.spec.place import shown

if TYPE_CHECKING:
    from slo.spec.place import Place

_EACH = re.compile(r"\s*([A-Za-z]\w*)\s*=\s*([^=$]+)")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_KINDS = ("SLO", "ThresholdAlert", "CostBudget")


def each_of(document: Document) -> tuple[Document, ...]:
    """A document for each value that it names; itself where it names none.

    Raises:
        SpecError: The annotation does not say what it means, or its value is used nowhere.

    """
    value = document.value
    metadata = value.get("metadata") if isinstance(value, dict) else None
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(annotations, dict) or names.EACH not in annotations:
        return (document,)
    if value.get("kind") not in _KINDS:
        return (document,)
    place = document.root / "metadata" / "annotations" / names.EACH
    variable, values = _values(annotations[names.EACH], place)
    placeholder = f"${{{variable}}}"
    if placeholder not in str(value.get("spec")):
        raise place.refusal(f"no {placeholder} in the spec", "where the values differ")
    return tuple(Document(_for_value(value, placeholder, one), document.root) for one in values)


def _values(text: Any, place: Place) -> tuple[str, list[str]]:  # noqa: ANN401  as it is written
    found = _EACH.fullmatch(text) if isinstance(text, str) else None
    values = [one.strip() for one in found[2].split(",")] if found else []
    if not found or not all(values) or len({*values}) < len(values):
        expected = "a word and its values, each once, such as provider=anthropic,openai"
        raise place.refusal(shown(text), expected)
    return found[1], values


def _for_value(value: dict[str, Any], placeholder: str, one: str) -> dict[str, Any]:
    replaced: dict[str, Any] = _replaced(value, placeholder, one)
    in_names = _NOT_IN_NAMES.sub("-", one.lower()).strip("-")
    metadata = value["metadata"]
    for field, text, suffix in (
        ("name", in_names, f"-{in_names}"),
        ("displayName", one, f" ({one})"),
    ):
        written = metadata.get(field)
        if isinstance(written, str):
            whole = written if placeholder in written else written + suffix
            replaced["metadata"][field] = whole.replace(placeholder, text)
    return replaced


def _replaced(value: Any, placeholder: str, one: str) -> Any:  # noqa: ANN401  any plain value
    match value:
        case str():
            return value.replace(placeholder, one)
        case list():
            return [_replaced(item, placeholder, one) for item in value]
        case dict():
            return {key: _replaced(item, placeholder, one) for key, item in value.items()}
        case _:
            return value
