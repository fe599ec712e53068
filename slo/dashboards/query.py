"""What a panel asks Prometheus."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING

from slo.dashboards import sdk
from slo.dashboards.display import DATASOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


A_NUMBER = " > -Inf"
"""Behind an expression, leaves out what is no number: 0 of 0 is no data, not ``NaN``."""


@dataclass(frozen=True)
class Query:
    """One expression.

    Attributes:
        expr: PromQL, which may use the dashboard's variables.
        legend: Names each series, by its labels: ``{{category}}``. Grafana's own name if empty.
        right_unit: Drawn on an axis of its own at the right, in this unit.
        limit: Drawn as a dashed line in red: a threshold that is itself a series.

    """

    expr: str
    legend: str = ""
    right_unit: str = ""
    limit: bool = False


def referred(queries: Sequence[Query]) -> Iterator[tuple[str, Query]]:
    """Queries by the letters by which Grafana knows them."""
    return zip(ascii_uppercase, queries, strict=False)


def over_range(queries: Sequence[Query]) -> list[sdk.prometheus.Dataquery]:
    """For panels that show how values went."""
    series = sdk.prometheus_models.PromQueryFormat.TIME_SERIES
    return [_target(ref, query).range().format(series) for ref, query in referred(queries)]


def at_the_end(queries: Sequence[Query]) -> list[sdk.prometheus.Dataquery]:
    """For panels that show what is now: a series that has ended is not shown as if it went on."""
    series = sdk.prometheus_models.PromQueryFormat.TIME_SERIES
    return [_target(ref, query).instant().format(series) for ref, query in referred(queries)]


def as_rows(queries: Sequence[Query]) -> list[sdk.prometheus.Dataquery]:
    """For tables: a row a series."""
    rows = sdk.prometheus_models.PromQueryFormat.TABLE
    return [_target(ref, query).instant().format(rows) for ref, query in referred(queries)]


def _target(ref: str, query: Query) -> sdk.prometheus.Dataquery:
    target = sdk.prometheus.Dataquery().ref_id(ref).expr(query.expr).datasource(DATASOURCE)
    target.editor_mode(sdk.prometheus_models.QueryEditorMode.CODE)
    return target.legend_format(query.legend) if query.legend else target
