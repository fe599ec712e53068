"""Tables: a row for each set of labels, joined from one query a column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slo.dashboards import sdk
from slo.dashboards.display import Display
from slo.dashboards.panel import dressed
from slo.dashboards.query import Query, as_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.dashboards.display import About, Link

MOST_COLUMNS = 6
"""More do not fit on a phone."""


@dataclass(frozen=True)
class LabelColumn:
    """A label of the series.

    Attributes:
        title: At the column's head.
        label: Its name in Prometheus.
        links: Where a click leads.

    """

    title: str
    label: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ValueColumn:
    """What an expression says for each set of labels.

    Rows are joined by the labels that all of a table's expressions have: let each keep the same,
    and only the first more.

    Attributes:
        title: At the column's head.
        expr: PromQL.
        display: Unit, thresholds, words; coloured where there are thresholds or words.
        bar: Whether a bar from ``low`` to ``high`` is drawn with the number.

    """

    title: str
    expr: str
    display: Display
    bar: bool = False


@dataclass(frozen=True)
class Order:
    """How rows are sorted.

    Attributes:
        title: Of the column.
        descending: Largest first.

    """

    title: str
    descending: bool = False


@dataclass(frozen=True)
class _Columns:
    """Columns, and what Grafana calls them: labels by name, values by their query's letter."""

    shown: tuple[LabelColumn | ValueColumn, ...]
    names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        values = [one.title for one in self.shown if isinstance(one, ValueColumn)]
        only = len(values) == 1
        letters = {t: "Value" if only else f"Value #{chr(65 + i)}" for i, t in enumerate(values)}
        labels = {one.title: one.label for one in self.shown if isinstance(one, LabelColumn)}
        object.__setattr__(self, "names", {**letters, **labels})


def table(
    about: About,
    columns: Sequence[LabelColumn | ValueColumn],
    order: Sequence[Order] = (),
) -> sdk.models.Panel:
    """A table; labels that no column shows are dropped.

    Raises:
        ValueError: There are more columns than fit on a phone.

    """
    if len(columns) > MOST_COLUMNS:
        message = f"{about.title}: {len(columns)} columns, but a phone shows {MOST_COLUMNS}"
        raise ValueError(message)
    known = _Columns(tuple(columns))
    values = [one for one in columns if isinstance(one, ValueColumn)]
    builder = dressed(sdk.table.Panel(), about, Display("short"))
    builder.targets([*as_rows([Query(one.expr) for one in values])])
    builder.transformations(_transformations(known, order))
    builder.show_header(True).align(sdk.common_models.FieldTextAlignment.AUTO)
    for one in columns:
        builder.override_by_name(one.title, _properties(one))
    return builder.build()


def _transformations(
    columns: _Columns, order: Sequence[Order]
) -> list[sdk.models.DataTransformerConfig]:
    config = sdk.models.DataTransformerConfig
    named = [columns.names[one.title] for one in columns.shown]
    kept = config("filterFieldsByName", options={"include": {"names": named}})
    arranged = {
        "excludeByName": {},
        "indexByName": {name: index for index, name in enumerate(named)},
        "renameByName": {columns.names[one.title]: one.title for one in columns.shown},
    }
    steps = [config("merge", options={}), kept, config("organize", options=arranged)]
    # Sorting is stable: the last one counts most.
    for one in reversed(order):
        by = [{"field": one.title, "desc": one.descending}]
        steps.append(config("sortBy", options={"sort": by}))
    return steps


def _properties(column: LabelColumn | ValueColumn) -> list[sdk.models.DynamicConfigValue]:
    own = sdk.models.DynamicConfigValue
    if isinstance(column, LabelColumn):
        links = [link.builder.build() for link in column.links]
        return [own("unit", "string"), *([own("links", links)] if links else [])]
    display = column.display
    found = [own("unit", display.unit), own("noValue", display.no_value)]
    optional: dict[str, Any] = {
        "decimals": display.decimals,
        "min": display.low,
        "max": display.high,
        "mappings": display.mappings or None,
        "links": [link.builder.build() for link in display.links] or None,
    }
    found += [own(name, value) for name, value in optional.items() if value is not None]
    if display.thresholds.steps:
        found.append(own("thresholds", display.thresholds.config.build()))
    if column.bar:
        cell = {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}
        found.append(own("custom.cellOptions", cell))
    elif display.thresholds.steps or display.words:
        found.append(own("custom.cellOptions", {"type": "color-text"}))
    return found
