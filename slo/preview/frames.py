"""What targets answered, in Grafana's terms: frames of fields."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from slo.model.selector import METRIC_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import Series
    from slo.preview.dashboard import Target

Value = float | str | None
"""None where there is nothing; instants are numbers: Unix milliseconds."""

FieldKind = Literal["time", "number", "string"]

_LEGEND = re.compile(r"\{\{\s*(.+?)\s*\}\}")
TIME, VALUE = "Time", "Value"


@dataclass(frozen=True)
class Field:
    """A column.

    Attributes:
        name: As transformations and overrides know it.
        kind: What it holds.
        values: From top to bottom.
        ref: The letter of the target that answered it; empty where several did.
        labels: Of the series, where it is one.

    """

    name: str
    kind: FieldKind
    values: tuple[Value, ...]
    ref: str = ""
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Frame:
    """Fields of equal length.

    Attributes:
        fields: From left to right.
        ref: The letter of its target; empty where several were merged.

    """

    fields: tuple[Field, ...]
    ref: str = ""

    @property
    def length(self) -> int:
        """Number of rows."""
        return len(self.fields[0].values) if self.fields else 0

    @property
    def rows(self) -> list[tuple[Value, ...]]:
        """The same, from top to bottom."""
        return list(zip(*(one.values for one in self.fields), strict=True))

    def named(self, name: str) -> Field | None:
        """The field of a name."""
        return next((one for one in self.fields if one.name == name), None)

    def taking(self, rows: Sequence[int]) -> Frame:
        """Only some of its rows, in that order."""
        kept = (replace(f, values=tuple(f.values[row] for row in rows)) for f in self.fields)
        return Frame(tuple(kept), self.ref)


def answered(target: Target, legend: str, series: Sequence[Series], alone: bool) -> list[Frame]:  # noqa: FBT001
    """Frames of a target's answer.

    Args:
        target: The question.
        legend: Its names for series, variables replaced.
        series: The answer.
        alone: Whether the panel has no other target.

    """
    if target.table:
        return [_table(target, series, alone)] if series else []
    frames = []
    for one in series:
        name = _name(legend, one, alone and len(series) == 1)
        times = tuple(float(time) for time in one.times.tolist())
        fields = (
            Field(TIME, "time", times, target.ref),
            Field(name, "number", _numbers(one), target.ref, one.labels),
        )
        frames.append(Frame(fields, target.ref))
    return frames


def _table(target: Target, series: Sequence[Series], alone: bool) -> Frame:  # noqa: FBT001
    """A row for each sample, a column for each label."""
    rows = [
        (float(time), dict(one.labels), value)
        for one in series
        for time, value in zip(one.times.tolist(), _numbers(one), strict=True)
    ]
    labels = sorted({name for _, own, _ in rows for name in own})
    columns = (
        Field(name, "string", tuple(own.get(name) for _, own, _ in rows), target.ref)
        for name in labels
    )
    value = VALUE if alone else f"{VALUE} #{target.ref}"
    return Frame(
        (
            Field(TIME, "time", tuple(time for time, _, _ in rows), target.ref),
            *columns,
            Field(value, "number", tuple(value for _, _, value in rows), target.ref),
        ),
        target.ref,
    )


def _numbers(series: Series) -> tuple[Value, ...]:
    return tuple(None if math.isnan(value) else value for value in series.values.tolist())


def _name(legend: str, series: Series, alone: bool) -> str:  # noqa: FBT001
    labels = dict(series.labels)
    if legend and legend != "__auto":
        return _LEGEND.sub(lambda found: labels.get(found[1], ""), legend)
    if alone:
        return series.metric or VALUE
    pairs = ", ".join(f'{name}="{text}"' for name, text in series.labels if name != METRIC_NAME)
    return f"{series.metric}{{{pairs}}}" if pairs else series.metric or VALUE
