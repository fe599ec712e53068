"""A report in a table as small as a notebook's cell."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from slo.report.wording import NONE, percent, percent_beside, points

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.model.slo import Slo
    from slo.report.objectives.slo_week import SloWeek


def summary_table(
    heading: str, verdict: str, slos: Sequence[SloWeek], without_data: Iterable[Slo]
) -> str:
    """A verdict and a row for each objective, as HTML for a notebook."""
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
    head = ("objective", "promised", "this week", "budget left", "change", "state")
    table = "".join(_row(row, "td") for row in rows)
    said = f"<p><b>{escape(heading)}:</b> {escape(verdict)}</p>"
    return f"{said}<table><thead>{_row(head, 'th')}</thead><tbody>{table}</tbody></table>"


def _row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
