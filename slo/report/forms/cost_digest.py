"""The cost report in short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report import wording
from slo.report.cost.wording import cost_verdict, month_name
from slo.report.forms.digest import (
    MOST_ROWS,
    MOST_SUGGESTIONS,
    NAME,
    SERVICE,
    SUGGESTION,
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
from slo.report.kinds import WEEKLY_COST
from slo.report.looks import LOOKS

if TYPE_CHECKING:
    from slo.cost.allocation import Line
    from slo.cost.budgets import CostBudgetStatus
    from slo.cost.suggestions import Suggestion
    from slo.report.cost.weekly_cost import WeeklyCost
    from slo.report.looks import Look

_BUDGETS = 3
"""Rows that budgets take where there is something else to tell."""

_BARS = "Shares of the budgets that are spent"


def cost_digest(report: WeeklyCost, reports: str = "") -> Digest:
    """A week's cost in short.

    Args:
        report: Its numbers.
        reports: The address of the folder of reports; empty where readers have none.

    """
    budgets = [_budget_row(one) for one in report.every_budget]
    movers = [_mover_row(line) for line in report.movers]
    first = budgets[: max(_BUDGETS, MOST_ROWS - len(movers))]
    rows = (*first, *movers)[:MOST_ROWS]
    left_out = len(budgets) + len(movers) - len(rows)
    bars = _bars(report)
    service = cut(report.service, SERVICE)
    return Digest(
        title=f"{service} · cost report, week {report.week}",
        service=service,
        week=str(report.week),
        window=_window(report),
        verdict=cut(cost_verdict(report, few), VERDICT),
        state=report.state,
        tiles=_tiles(report),
        table="Budgets, the worst first, and what moved most",
        columns=("This week", "Change", "Budget left"),
        rows=rows,
        rest=f"{left_out} more in the report" if left_out > 0 else "",
        suggestions=tuple(_suggestion(one) for one in report.suggestions[:MOST_SUGGESTIONS]),
        bars_title=_BARS,
        bars=bars,
        picture=in_words(_BARS, bars),
        link=page_address(reports, WEEKLY_COST, report.service, report.week),
    )


def _window(report: WeeklyCost) -> str:
    days = window(report.week.span, report.until)
    if report.complete or report.until < report.week.span.end:
        return days
    return f"{days} Only {wording.percent(report.coverage)} of the week is covered by samples."


def _tiles(report: WeeklyCost) -> tuple[Tile, ...]:
    this, moved = report.this, report.change
    change = "no whole week to compare"
    if moved:
        change = (
            f"{wording.more_dollars(moved.dollars)}, {wording.percent_more(moved.ratio)} "
            "on the week before"
        )
    worth = f"{this.roi:.1f} dollars for each that was spent"
    return (
        Tile("Spent this week", wording.dollars(this.dollars), change),
        Tile(
            f"{month_name(report)}, expected",
            wording.dollars(report.forecast.expected),
            f"of {wording.dollars(report.month_budget)} in the budgets{_and_fixed(report)}",
        ),
        Tile(
            "Cost per ticket",
            wording.unit_dollars(this.per_ticket),
            f"{wording.unit_dollars(this.per_resolved)} per ticket resolved by AI",
        ),
        Tile(
            "Net savings",
            wording.dollars(this.net),
            worth if report.worth_known else "what a person costs is not known",
        ),
    )


def _and_fixed(report: WeeklyCost) -> str:
    return " and fixed items" if report.assumptions.model.fixed else ""


def _budget_row(one: CostBudgetStatus) -> Row:
    return Row(
        name=_title(one),
        state=one.standing,
        detail=f"{wording.dollars(one.spent)} of {wording.dollars(one.budget.dollars)}",
        values=(wording.dollars(one.in_week), wording.NONE, wording.percent(one.remaining)),
    )


def _mover_row(line: Line) -> Row:
    values = (wording.dollars(line.dollars), wording.more_dollars(line.change), wording.NONE)
    return Row(name=cut(line.name, NAME), state="", detail="", values=values)


def _title(one: CostBudgetStatus) -> str:
    return cut(one.budget.title, NAME)


def _suggestion(one: Suggestion) -> str:
    saves = f" (saves {wording.dollars(one.dollars_a_month)} a month)"
    return cut(one.title, SUGGESTION) + (saves if one.dollars_a_month else "")


def _bars(report: WeeklyCost) -> tuple[Bar, ...]:
    """The month's forecast beside all budgets, then each budget."""
    ahead, allowed = report.forecast, report.month_budget
    bars = []
    if ahead.known and allowed:
        bars.append(
            Bar(
                f"{month_name(report)}, expected",
                f"{wording.dollars(ahead.expected)} of {wording.dollars(allowed)}",
                ahead.expected / allowed,
                _forecast_look(ahead.low / allowed, ahead.high / allowed),
                ahead.low / allowed,
                ahead.high / allowed,
            )
        )
    for one in report.every_budget[: MOST_ROWS - len(bars)]:
        spent = f"{wording.dollars(one.spent)} of {wording.dollars(one.budget.dollars)}"
        bars.append(Bar(_title(one), spent, 1 - one.remaining, LOOKS[one.standing]))
    return tuple(bars)


def _forecast_look(low: float, high: float) -> Look:
    """Beyond the budgets in nearly every case, in some, or in hardly any."""
    if low > 1:
        return "exhausted"
    return "at-risk" if high > 1 else "kept"
