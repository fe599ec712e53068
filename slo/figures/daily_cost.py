"""What each day cost, by service, with the days out of the ordinary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.anomalies import anomalies
from slo.engine.growth import summed
from slo.figures.reduce import date, dates
from slo.figures.theme import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    Figure,
    neutral,
)
from slo.model.duration import DAY

if TYPE_CHECKING:
    from slo.cost.anomalies import Anomaly
    from slo.cost.ledger import Ledger
    from slo.model.samples import Times, Values
    from slo.model.span import Span

_DAYS = 42
_COLOURS = (BLUE, ORANGE, GREEN, SKY, PURPLE)
_OTHERS = "others"


@dataclass(frozen=True, eq=False)
class DailyCost:
    """Dollars of each day.

    Attributes:
        days: The beginning of each day, int64 Unix milliseconds, shape (n,).
        layers: From the bottom: a name, and dollars of shape (n,).
        week: What the report is about.
        odd: Days of the week out of the ordinary.

    """

    days: Times
    layers: tuple[tuple[str, Values], ...]
    week: Span
    odd: tuple[Anomaly, ...]


def computed(found: Ledger, week: Span) -> DailyCost:
    """Six weeks up to a week's end; all but the five dearest services together."""
    parts = [(f"models of {key[0]}", values) for key, values in found.llm.items()]
    parts += [(key[0], values) for key, values in found.running.items()]
    shown = (found.days >= week.end - _DAYS * DAY) & (found.days < week.end) & (found.coverage > 0)
    by_name = summed(((name,), values[shown]) for name, values in parts)
    ranked = sorted(by_name.items(), key=lambda one: (-float(one[1].sum()), one[0]))
    layers = [(key[0], values) for key, values in ranked[: len(_COLOURS)]]
    if rest := [values for _, values in ranked[len(_COLOURS) :]]:
        layers.append((_OTHERS, np.sum(rest, axis=0)))
    return DailyCost(found.days[shown], tuple(layers), week, anomalies(found, week).found)


def daily_cost(found: Ledger, week: Span) -> Figure:
    """Draw what each day cost, by service.

    Args:
        found: Dollars by day.
        week: What is looked at; five weeks before it are shown beside.

    """
    return figure(computed(found, week))


def figure(found: DailyCost) -> Figure:
    """Draw a bar a day, services stacked."""
    made = Figure()
    for (name, values), colour in zip(found.layers, (*_COLOURS, GREY), strict=False):
        made.add_bar(
            x=dates(found.days), y=values, name=name, marker={"color": colour},
            hovertemplate="$%{y:,.2f}",
        )  # fmt: skip
    if found.odd:
        tops = [one.change.after for one in found.odd]
        made.add_scatter(
            x=dates(np.array([one.day for one in found.odd], dtype=np.int64)), y=tops,
            mode="markers+text", name="out of the ordinary", text=[_off(one) for one in found.odd],
            textposition="top center", hoverinfo="skip", cliponaxis=False,
            textfont={"color": VERMILION},
            marker={"color": VERMILION, "size": 9, "symbol": "diamond"},
        )  # fmt: skip
    made.add_vline(x=date(found.week.start - DAY // 2), line={"color": INK, "dash": "dot"})
    made.update_layout(barmode="stack", bargap=0.2)
    made.update_yaxes(rangemode="tozero", tickprefix="$", tickformat=",.0f")
    neutral(made, height=340)
    made.update_xaxes(hoverformat="%A %Y-%m-%d")
    return made


def _off(one: Anomaly) -> str:
    ratio = one.change.ratio
    return f"{ratio:+.0%}" if np.isfinite(ratio) else "new"
