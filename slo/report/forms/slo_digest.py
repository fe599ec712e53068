"""The SLO report in short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report import wording
from slo.report.forms.digest import (
    CHANGE,
    MOST_ROWS,
    MOST_SUGGESTIONS,
    NAME,
    SERVICE,
    SUGGESTION,
    VALUE,
    VERDICT,
    Bar,
    Digest,
    Row,
    Tile,
    cut,
    few,
    in_words,
)
from slo.report.forms.names import page_address
from slo.report.forms.window import window
from slo.report.kinds import WEEKLY_SLO
from slo.report.looks import LOOKS
from slo.report.objectives.verdict import verdict

if TYPE_CHECKING:
    from slo.model.slo import Slo
    from slo.report.objectives.slo_week import SloWeek
    from slo.report.objectives.weekly_slo import WeeklySlo

_BARS = "Error budget left at the end of the week, the worst first"


def slo_digest(report: WeeklySlo, reports: str = "") -> Digest:
    """A week of objectives in short.

    Args:
        report: Its numbers.
        reports: The address of the folder of reports; empty where readers have none.

    """
    rows = [_row(one) for one in report.slos]
    rows += [_row_without_data(one) for one, _ in report.without_data]
    left_out = len(rows) - MOST_ROWS
    bars = tuple(_bar(one) for one in report.slos[:MOST_ROWS])
    service = cut(report.service, SERVICE)
    return Digest(
        title=f"{service} · SLO report, week {report.week}",
        service=service,
        week=str(report.week),
        window=window(report.week.span, report.until),
        verdict=cut(verdict(report.service, report.count, report.slos, few), VERDICT),
        state=report.slos[0].state if report.slos else "insufficient data",
        tiles=_tiles(report),
        table="Objectives, the worst first",
        columns=("This week", "Budget left", "Change"),
        rows=tuple(rows[:MOST_ROWS]),
        rest=f"{left_out} more in the report" if left_out > 0 else "",
        suggestions=tuple(
            cut(one.title, SUGGESTION) for one in report.suggestions[:MOST_SUGGESTIONS]
        ),
        bars_title=_BARS,
        bars=bars,
        picture=in_words(_BARS, bars),
        link=page_address(reports, WEEKLY_SLO, report.service, report.week),
    )


def _tiles(report: WeeklySlo) -> tuple[Tile, ...]:
    kept = len(report.in_state("kept", "at risk"))
    difference = wording.difference(report.pages, report.last_pages)
    tiles = [
        Tile(
            "Objectives kept", f"{kept} of {report.count}", f"{report.last_kept} in the week before"
        ),
        Tile("Pages", str(report.pages), f"{difference} in the week before"),
        Tile(
            "Incidents that an alert saw",
            f"{len(report.detected)} of {len(report.touching)}",
            f"{report.last_alerts.detected} of {report.last_alerts.incidents} in the week before",
        ),
    ]
    if report.slos:
        worst = report.slos[0]
        change = f"{cut(worst.slo.title, NAME)}, {wording.points(worst.change)}"
        tiles.insert(
            1,
            Tile("Least budget left", wording.percent(worst.budget.remaining), cut(change, CHANGE)),
        )
    return tuple(tiles)


def _row(one: SloWeek) -> Row:
    return Row(
        name=cut(one.slo.title, NAME),
        state=one.state,
        detail=_promised(one.slo),
        values=(
            wording.percent_beside(one.achieved, one.slo.objective.error_budget),
            wording.percent(one.budget.remaining),
            wording.points(one.change),
        ),
    )


def _row_without_data(one: Slo) -> Row:
    nothing = (wording.NONE, wording.NONE, wording.NONE)
    return Row(cut(one.title, NAME), "insufficient data", _promised(one), nothing)


def _promised(one: Slo) -> str:
    return cut(f"promised {one.objective}", VALUE)


def _bar(one: SloWeek) -> Bar:
    return Bar(
        cut(one.slo.title, NAME),
        wording.percent(one.budget.remaining),
        one.budget.remaining,
        LOOKS[one.state],
    )
