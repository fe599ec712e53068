"""What to do about cost: each suggestion with its evidence, what it brings, and its risk."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.comparison import cached_share, comparison, last_prices
from slo.cost.ledger import added
from slo.cost.value import value
from slo.model.duration import WEEK
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slo.cost.budgets import CostBudgetStatus
    from slo.cost.comparison import ModelCost
    from slo.cost.ledger import Ledger
    from slo.cost.reconciliation import Reconciliation
    from slo.model.samples import Mask

WEEKS_A_MONTH = 365.25 / 12 / 7
_WEEKS_BEFORE = 4
_GROWN = 1.1
_POINTS = 0.05
_TRIAL = 0.1
_CHEAPER = 0.8
_SLOW = 0.6
_ROOM = 1.25
_LEAST = 1.0
"""Dollars a month below which nothing is suggested."""


@dataclass(frozen=True)
class Suggestion:
    """Something to do.

    Attributes:
        title: What, in the imperative.
        evidence: Why, in numbers.
        dollars_a_month: What it would save at this week's traffic; 0 where it saves nothing
            itself.
        effort: How much work it is.
        risk: What it may do to objectives.

    """

    title: str
    evidence: str
    dollars_a_month: float
    effort: str
    risk: str


def suggestions(
    found: Ledger,
    week: Span,
    budgets: Sequence[CostBudgetStatus],
    reconciled: Reconciliation,
) -> tuple[Suggestion, ...]:
    """What a week gives reason to do, what brings most first."""
    days = found.within(week)
    usual = found.whole & found.within(Span(week.start - _WEEKS_BEFORE * WEEK, week.start))
    made = (
        *_grown(found, days, usual),
        *_cache(found, days, usual),
        *_cheaper(comparison(found, days)),
        *_measured(reconciled),
        *(one for status in budgets for one in _budget(status)),
    )
    return tuple(sorted(made, key=lambda one: (-one.dollars_a_month, one.title)))


def _grown(found: Ledger, days: Mask, usual: Mask) -> Iterator[Suggestion]:
    """Longer calls, and more of them, than in the weeks before."""
    now, then = value(found, days), value(found, usual)
    if not (now.calls and then.calls and now.tickets and then.tickets):
        return
    kinds = (
        (
            "Shorten prompts and answers to what they were",
            "tokens a call",
            now.tokens / now.calls,
            then.tokens / then.calls,
            "none, if what was added is not needed",
        ),
        (
            "Find out why a ticket takes more calls",
            "calls a ticket",
            now.calls / now.tickets,
            then.calls / then.tickets,
            "none: retries and loops cost time as well",
        ),
    )
    for title, what, here, before, risk in kinds:
        saved = now.llm * (1 - before / here) * WEEKS_A_MONTH if here > _GROWN * before else 0.0
        if saved >= _LEAST:
            more = _percent(here / before - 1)
            evidence = f"{here:,.4g} {what}, {more} more than in the four weeks before"
            yield Suggestion(title, evidence, saved, "low", risk)


def _cache(found: Ledger, days: Mask, usual: Mask) -> Iterator[Suggestion]:
    """A cache that helps less than before."""
    now, then, prices = (
        added(found.tokens, days),
        added(found.tokens, usual),
        last_prices(found, days),
    )
    for provider, model in sorted({(key[0], key[1]) for key in now}):
        here, before = (cached_share(tokens, (provider, model)) for tokens in (now, then))
        fresh = prices.get((provider, model, "input"), float("nan"))
        gap = fresh - prices.get((provider, model, "cache_read"), float("nan"))
        prompt = sum(
            now.get((provider, model, kind), 0.0) for kind in ("input", "cache_read", "cache_write")
        )
        saved = (before - here) * prompt / 1e6 * gap * WEEKS_A_MONTH
        if isfinite(saved) and before - here >= _POINTS and saved >= _LEAST:
            yield Suggestion(
                f"Let prompts of {model} come from the cache again",
                f"{_percent(here)} of its prompt tokens did, {_percent(before)} in the four weeks "
                f"before; each million costs ${gap:,.2f} more without",
                saved,
                "low",
                "none: a cached prompt is the same prompt",
            )


def _cheaper(models: Sequence[ModelCost]) -> Iterator[Suggestion]:
    """A tenth of the dearest model's calls by the cheapest."""
    priced = [one for one in models if isfinite(one.all_work) and one.all_work > 0]
    if not priced:
        return
    dearest, cheapest = priced[0], min(priced, key=lambda one: (one.all_work, one.model))
    ratio = cheapest.all_work / dearest.all_work
    saved = _TRIAL * dearest.dollars * (1 - ratio) * WEEKS_A_MONTH
    if ratio <= _CHEAPER and saved >= _LEAST:
        yield Suggestion(
            f"Try {cheapest.model} for a tenth of the calls of {dearest.model}",
            f"for the same tokens it costs {_percent(ratio)} of {dearest.model}, which took "
            f"${dearest.dollars:,.2f} this week",
            saved,
            "medium",
            "quality: begin with one category, and watch resolution rate and satisfaction",
        )


def _measured(reconciled: Reconciliation) -> Iterator[Suggestion]:
    """A cost counter that cannot be trusted."""
    if reconciled.agrees:
        return
    gaps = [
        f"; {count:,.0f} {what}"
        for count, what in (
            (reconciled.without_price, "tokens have no list price"),
            (reconciled.unpriced_calls, "calls had no known cost"),
        )
        if count
    ]
    yield Suggestion(
        "Bring the price table up to date",
        f"the cost counter says ${reconciled.counted:,.2f}, tokens times list price "
        f"${reconciled.computed:,.2f}{''.join(gaps)}",
        0.0,
        "low",
        "none",
    )


def _budget(status: CostBudgetStatus) -> Iterator[Suggestion]:
    """A budget that is far from what is spent tells nobody anything."""
    title = status.budget.title
    at_this_pace = status.in_week * status.period.length / WEEK
    if status.standing in ("overspent", "at risk"):
        yield Suggestion(
            f"Spend less than the budget of {title} allows, or raise it knowingly",
            f"${status.spent:,.2f} of ${status.budget.dollars:,.2f} are spent, and this week's "
            f"pace needs ${at_this_pace:,.2f} a period",
            0.0,
            "low",
            "none: a budget that is always overspent warns of nothing",
        )
    if status.standing == "within budget" and 0 < status.pace < _SLOW:
        yield Suggestion(
            f"Lower the budget of {title} to ${_two_digits(at_this_pace * _ROOM):,.0f}",
            f"the week spent it {status.pace:.2f} times as fast as it allows: a quarter more than "
            "this pace would still be noticed",
            0.0,
            "low",
            "none: it warns sooner",
        )


def _percent(share: float) -> str:
    return f"{100 * share:,.0f} %"


def _two_digits(dollars: float) -> float:
    if dollars <= 0:
        return 0.0
    grain = 10 ** (np.floor(np.log10(dollars)) - 1)
    return float(np.ceil(dollars / grain) * grain)
