"""What the shapes of every report's ``result.json`` are built of.

A shape is a TypedDict whose fields are described by the texts below them, each with its unit. Of
these texts and types the schema is made that readers of ``result.json`` are promised.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field, StringConstraints, with_config
from typing_extensions import TypedDict

from slo.model.span import to_datetime

if TYPE_CHECKING:
    from slo.model.span import Span

Instant = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
    Field(json_schema_extra={"format": "date-time"}),
]
Day = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"),
    Field(json_schema_extra={"format": "date"}),
]
IsoWeek = Annotated[str, StringConstraints(pattern=r"^\d{4}-W\d\d$")]
Share = Annotated[float, Field(ge=0, le=1)]
Number = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]

shape = with_config(ConfigDict(use_attribute_docstrings=True))
"""Makes a TypedDict a shape: each field is described by the text below it."""


@shape
class SpanResult(TypedDict):
    """A stretch of time, its end not included."""

    start: Instant
    """When it begins, ISO 8601 in UTC."""
    end: Instant
    """When it ends, ISO 8601 in UTC."""


def span_result(span: Span) -> SpanResult:
    """A span as JSON holds it."""
    return {"start": instant_result(span.start), "end": instant_result(span.end)}


def instant_result(milliseconds: int) -> str:
    """An instant as JSON holds it: ``2026-11-16T00:00:00Z``."""
    return f"{to_datetime(milliseconds):%Y-%m-%dT%H:%M:%SZ}"


def day_result(milliseconds: int) -> str:
    """An instant's UTC day as JSON holds it: ``2026-11-16``."""
    return f"{to_datetime(milliseconds):%Y-%m-%d}"


def number_result(value: float) -> float | None:
    """A number as JSON holds it; None where there is none."""
    return float(value) if math.isfinite(value) else None
