"""The page of every kind and field of a specification, from the types that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.spec.own_wire import OWN_KINDS
from slo.spec.wire import OPENSLO_KINDS
from tools.documentation.described import attributes, summary, table
from tools.documentation.fields import anchor, models_in, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.spec.wire import WireObject

_HEAD = ("field", "type", "default", "meaning")
_PAGE = """\
# Specifications

Every kind and every field that `slo validate` knows, from the types that read them. Unknown fields
are refused, with the nearest known name; every fault of every file is listed at once.
[Specifications by hand](../specifications.md) shows how one is begun. Numbers and durations are
text with all of their digits.

Every object says `apiVersion`, `kind`, `metadata` and `spec`:

"""


def page() -> str:
    """The page in Markdown.

    Raises:
        Undocumented: A kind or a field is described nowhere.

    """
    parts: dict[str, str] = {}
    kinds = [
        _kinds("openslo/v1", "What OpenSLO knows.", OPENSLO_KINDS, parts),
        _kinds("slobook/v1", "What OpenSLO cannot say, in the same files.", OWN_KINDS, parts),
    ]
    every = next(iter(OPENSLO_KINDS.values()))
    said = attributes(every)
    frame = [[f"`{name}`", said[alias]] for name, alias in _FRAME.items()]
    return "".join(
        [
            _PAGE,
            table(("field", "meaning"), frame),
            *kinds,
            "\n## Parts\n\nWhat stands inside of the kinds above.\n",
            *(parts[name] for name in sorted(parts)),
        ]
    )


_FRAME = {"apiVersion": "api_version", "metadata": "metadata"}


def _kinds(
    version: str, meaning: str, kinds: Mapping[str, type[WireObject]], parts: dict[str, str]
) -> str:
    text = [f"\n## {version}\n\n{meaning}\n"]
    for kind, model in kinds.items():
        spec = model.model_fields["spec"].annotation
        (of,) = models_in(spec)
        text.append(f"\n### {kind}\n\n{summary(of)}\n\n{table(_HEAD, rows(of))}")
        _collect(model, parts, {of})
    return "".join(text)


def _collect(model: type, parts: dict[str, str], shown: set[type]) -> None:
    """Describe every model inside of one, once."""
    for field in model.model_fields.values():  # type: ignore[attr-defined]  a model of pydantic
        for inner in models_in(field.annotation):
            if inner.__name__ in parts:
                continue
            if inner not in shown:
                head = f"\n### {inner.__name__} {{ #{anchor(inner)} }}\n\n"
                parts[inner.__name__] = f"{head}{summary(inner)}\n\n{table(_HEAD, rows(inner))}"
            _collect(inner, parts, shown)
