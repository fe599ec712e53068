"""What a week's cost means, in words."""

from __future__ import annotations

from html import escape
from math import isfinite
from typing import TYPE_CHECKING

from slo.model.span import to_datetime
from slo.report.wording import dollars, listed, more_dollars, percent, percent_more, unit_dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.cost.anomalies import Anomaly
    from slo.cost.budgets import CostBudgetStatus
    from slo.cost.change import Change
    from slo.report.cost.weekly_cost import WeeklyCost

_NOTABLE = 0.01
_CAUSES = {
    "tickets": ("more tickets", "fewer tickets"),
    "calls per ticket": ("more calls per ticket", "fewer calls per ticket"),
    "tokens per call": ("longer calls", "shorter calls"),
    "tokens": ("more tokens", "fewer tokens"),
    "price": ("higher prices", "lower prices"),
    "mix": ("a dearer mix of models and tokens", "a cheaper mix of models and tokens"),
    "running cost": ("higher running cost", "lower running cost"),
    "cost without tokens": ("cost without tokens", "cost without tokens"),
}


def cost_verdict(report: WeeklyCost, names: Callable[[Sequence[str]], str] = listed) -> str:
    """What the week cost, where the month leads, and what follows.

    Args:
        report: The week.
        names: How budgets are listed in a sentence: all of them unless told.

    """
    return f"{_week(report)} {_month(report, names)}"


def cause(change: Change) -> str:
    """What moved cost most, in words: ``longer calls``."""
    more, less = _CAUSES[change.cause.name]
    return more if change.cause.dollars > 0 else less


def what_happened(one: Anomaly) -> str:
    """A day's distance from the usual, in a sentence."""
    moved = one.change
    return (
        f"{more_dollars(moved.dollars)} ({percent_more(moved.ratio)}) against "
        f"{dollars(moved.before)} on a usual {to_datetime(one.day):%A}, mostly by {cause(moved)} "
        f"({more_dollars(moved.cause.dollars)})"
    )


def month_name(report: WeeklyCost) -> str:
    """The forecast's month: ``November 2026``."""
    return f"{to_datetime(report.forecast.month.start):%B %Y}"


def _week(report: WeeklyCost) -> str:
    spent = f"The week cost {dollars(report.this.dollars)}"
    moved = report.change
    if not report.complete:
        return f"{spent} as far as it is known: {percent(report.coverage)} of it is covered."
    if moved is None or not isfinite(moved.ratio):
        return f"{spent}; there is no whole week before to compare it with."
    if abs(moved.ratio) < _NOTABLE:
        return f"{spent}, as much as the one before."
    way = "more" if moved.dollars > 0 else "less"
    return (
        f"{spent}, {percent(abs(moved.ratio))} {way} than the one before, mostly by {cause(moved)}."
    )


def _month(report: WeeklyCost, names: Callable[[Sequence[str]], str]) -> str:
    ahead, allowed = report.forecast, report.month_budget
    overspent = [one for one in report.every_budget if one.standing == "overspent"]
    if overspent:
        budgets = _sentence(names(_titles(overspent)))
        have = "has" if len(overspent) == 1 else "have"
        return (
            f"{budgets} {have} overspent the budget: act on the suggestions, or raise it knowingly."
        )
    if not ahead.known:
        return "There are too few whole days to forecast the month."
    leads = f"{month_name(report)} is heading for {dollars(ahead.expected)} of {dollars(allowed)}"
    match report.state:
        case "overspent":
            return f"{leads}: act on the suggestions now, or raise the budget knowingly."
        case "at risk":
            return f"{leads}, {_risk(report, names)}: look at the suggestions."
        case "insufficient data":
            return f"{leads}; not every budget's period is covered."
    return f"{leads}: within budget."


def _risk(report: WeeklyCost, names: Callable[[Sequence[str]], str]) -> str:
    risky = [one for one in report.every_budget if one.standing == "at risk"]
    if not risky:
        return "and may exceed it"
    are = "is" if len(risky) == 1 else "are"
    return f"and {names(_titles(risky))} {are} spent faster than the budget lasts"


def _titles(several: Sequence[CostBudgetStatus]) -> list[str]:
    return [one.budget.title for one in several]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def cost_table(report: WeeklyCost) -> str:
    """A report's verdict and its key numbers, as HTML for a notebook."""
    this, last = report.this, report.last
    rows = (
        ("spent", dollars(this.dollars), dollars(last.dollars)),
        ("language models", dollars(this.llm), dollars(last.llm)),
        ("all else", dollars(this.running), dollars(last.running)),
        ("cost per ticket", unit_dollars(this.per_ticket), unit_dollars(last.per_ticket)),
        ("cost per resolved", unit_dollars(this.per_resolved), unit_dollars(last.per_resolved)),
        ("net savings", dollars(this.net), dollars(last.net)),
    )
    head = _row(("", "this week", "week before"), "th")
    body = "".join(_row(row, "td") for row in rows)
    verdict = f"<p><b>{report.week}:</b> {escape(report.verdict)}</p>"
    return f"{verdict}<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
