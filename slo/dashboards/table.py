"""Tables: a row for each set of labels, joined from one query a column."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
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
class HiddenColumn:
    """A label that no reader sees, but that links of other columns need.

    Links know it by its name: ``${__data.fields.service}``.
    """

    label: str


@dataclass(frozen=True)
class ValueColumn:
    """What an expression says for each set of labels.

    Rows are joined by the labels that all of a table's expressions have. A label that only some
    have, such as a metric's own name, keeps rows apart: aggregate it away in all but one.

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


Column = LabelColumn | HiddenColumn | ValueColumn


def table(about: About, columns: Sequence[Column], order: Sequence[Order] = ()) -> sdk.models.Panel:
    """A table; labels without a column are dropped.

    Raises:
        ValueError: It shows more columns than fit on a phone.

    """
    shown = [one for one in columns if not isinstance(one, HiddenColumn)]
    if len(shown) > MOST_COLUMNS:
        message = f"{about.title}: {len(shown)} columns, but a phone shows {MOST_COLUMNS}"
        raise ValueError(message)
    values = [one for one in columns if isinstance(one, ValueColumn)]
    builder = dressed(sdk.table.Panel(), about, Display("short"))
    builder.targets([*as_rows([Query(one.expr) for one in values])])
    builder.transformations(_transformations(_fields(columns), order))
    builder.show_header(True).align(sdk.common_models.FieldTextAlignment.AUTO)
    for one in columns:
        title = one.label if isinstance(one, HiddenColumn) else one.title
        builder.override_by_name(title, _properties(one))
    return builder.build()


def _fields(columns: Sequence[Column]) -> dict[str, str]:
    """Titles by what Grafana calls a column: a label's name, or the letter of a value's query."""
    letters = iter(ascii_uppercase)
    only = sum(isinstance(one, ValueColumn) for one in columns) == 1
    found = {}
    for one in columns:
        match one:
            case HiddenColumn():
                found[one.label] = one.label
            case LabelColumn():
                found[one.label] = one.title
            case ValueColumn():
                found["Value" if only else f"Value #{next(letters)}"] = one.title
    return found


def _transformations(
    fields: Mapping[str, str], order: Sequence[Order]
) -> list[sdk.models.DataTransformerConfig]:
    config = sdk.models.DataTransformerConfig
    kept = config("filterFieldsByName", options={"include": {"names": [*fields]}})
    arranged = {
        "excludeByName": {},
        "indexByName": {name: index for index, name in enumerate(fields)},
        "renameByName": dict(fields),
    }
    steps = [config("merge", options={}), kept, config("organize", options=arranged)]
    # Sorting is stable: the last one counts most.
    for one in reversed(order):
        by = [{"field": one.title, "desc": one.descending}]
        steps.append(config("sortBy", options={"sort": by}))
    return steps


def _properties(column: Column) -> list[sdk.models.DynamicConfigValue]:
    own = sdk.models.DynamicConfigValue
    if isinstance(column, HiddenColumn):
        return [own("custom.hidden", value=True), own("unit", "string")]
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
