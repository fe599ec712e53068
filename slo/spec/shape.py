"""Plain values to wire types; what does not fit becomes faults in the field's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from slo.errors import SpecError
from slo.spec.faults import nearest
from slo.spec.mapping import Wire
from slo.spec.place import shown

if TYPE_CHECKING:
    from slo.errors import Fault
    from slo.spec.place import Place

M = TypeVar("M", bound=Wire)

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
}


def shaped(value: object, model: type[M], place: Place) -> M:
    """A value as its wire type.

    Raises:
        SpecError: With every field that is unknown, missing or of the wrong type.

    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise SpecError([_fault(entry, model, place) for entry in error.errors()]) from None


def _fault(entry: Any, model: type[Wire], place: Place) -> Fault:  # noqa: ANN401  ErrorDetails
    where = place
    for step in entry["loc"]:
        where = where / step
    kind, last = entry["type"], str(entry["loc"][-1]) if entry["loc"] else ""
    if kind == "extra_forbidden":
        known = _fields(_model_at(model, entry["loc"][:-1]))
        return where.fault(f"unknown field {last!r}", nearest(last, known, "one of"))
    if kind == "missing":
        return where.fault("nothing", f"a field {last!r}")
    if kind in ("model_type", "model_attributes_type"):
        fields = ", ".join(_fields(_model_at(model, entry["loc"])))
        return where.fault(shown(entry["input"]), f"a mapping with the fields {fields}")
    if kind == "literal_error":
        return where.fault(shown(entry["input"]), entry["ctx"]["expected"])
    return where.fault(shown(entry["input"]), _EXPECTED.get(kind, entry["msg"]))


def _fields(model: type[BaseModel] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _model_at(model: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The wire type at a path inside of another."""
    here: type[BaseModel] | None = model
    for step in path:
        if here is None or isinstance(step, int):
            continue
        aliases = {field.alias or name: field for name, field in here.model_fields.items()}
        here = _model_in(aliases[step].annotation) if step in aliases else None
    return here


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  any type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [_model_in(inner) for inner in get_args(annotation)]
    return next((model for model in found if model), None)
