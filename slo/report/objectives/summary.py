"""A report in a table as small as a notebook's cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.card import Card, Table
from slo.report.wording import NONE, percent, percent_beside, points

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.model.slo import Slo
    from slo.report.objectives.slo_week import SloWeek


def summary_card(
    heading: str, verdict: str, slos: Sequence[SloWeek], without_data: Iterable[Slo]
) -> Card:
    """A verdict and a row for each objective."""
    rows = [
        (
            one.slo.title,
            str(one.slo.objective),
            percent_beside(one.achieved, one.slo.objective.error_budget),
            percent(one.budget.remaining),
            points(one.change),
            one.state,
        )
        for one in slos
    ]
    rows += [
        (one.title, str(one.objective), NONE, NONE, NONE, "insufficient data")
        for one in without_data
    ]
    numbers = ("promised", "this week", "budget left", "change")
    table = Table(("objective", *numbers, "state"), tuple(rows), numbers=numbers)
    return Card(heading, verdict, (table,))
