"""A pydantic model's fields as rows of a table: name, type, default, meaning."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from slo.model.duration import format_duration
from tools.documentation.described import Undocumented, attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

_WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path"}
_MILLISECONDS = "Milliseconds "


def rows(model: type[BaseModel], but: frozenset[str] = frozenset()) -> list[list[str]]:
    """A row for each field.

    Args:
        model: The model.
        but: Names of fields that are left out.

    Raises:
        Undocumented: Fields that the docstring does not describe.

    """
    said = attributes(model)
    wanted = {name: one for name, one in model.model_fields.items() if name not in but}
    if missing := [f"{model.__name__}.{name}" for name in wanted if name not in said]:
        raise Undocumented(missing)
    return [_row(name, one, said[name]) for name, one in wanted.items()]


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401  any type expression
    """Every model that a type expression holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def anchor(model: type[BaseModel]) -> str:
    """Where a model's part of a page is."""
    return "fields-" + re.sub(r"(?<!^)(?=[A-Z])", "-", model.__name__).lower()


def _row(name: str, field: FieldInfo, meaning: str) -> list[str]:
    # Durations are written as text and kept as milliseconds.
    is_duration = meaning.startswith(_MILLISECONDS) and field.annotation is int
    kind = "duration" if is_duration else words(field.annotation)
    default = "" if field.is_required() else _default(field, is_duration=is_duration)
    if is_duration:
        meaning = f"Time {meaning.removeprefix(_MILLISECONDS)}"
    return [f"`{field.alias or name}`", kind, default, meaning]


def _default(field: FieldInfo, *, is_duration: bool) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ("", (), {}) or isinstance(value, BaseModel):
        return "none"
    if is_duration:
        return f"`{format_duration(value)}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    if isinstance(value, dict):
        return ", ".join(f"`{key} = {one}`" for key, one in value.items())
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def words(annotation: Any) -> str:  # noqa: ANN401
    """A type in words; models are links to their parts of the page."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{anchor(annotation)})"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{one.value}`" for one in annotation)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return words(inner[0])
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inner)
    if origin in (Union, UnionType):
        return " or ".join(words(one) for one in inner if one is not NoneType)
    if origin in (list, tuple):
        return f"list of {words(inner[0])}"
    if origin is dict:
        return f"{words(inner[1])} by name"
    return _WORDS.get(annotation, "anything")
