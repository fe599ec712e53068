"""What is suggested, why, and how much it is said to save."""

from dataclasses import replace

import numpy as np
import pytest

from slo.cost.budgets import cost_budget_status
from slo.cost.ledger import ledger
from slo.cost.reconciliation import reconciliation
from slo.cost.suggestions import WEEKS_A_MONTH, suggestions
from slo.model.samples import History, series_of
from tests.agent_costs import BUDGETS, LLM, RUNNING, SPAN, WEEK, costs

THIS_WEEK = np.arange(28) >= 21


def suggested(history, budgets=BUDGETS):
    found = ledger(budgets, history, SPAN.end)
    standing = [cost_budget_status(one, history, WEEK.span, SPAN.end) for one in budgets]
    checked = reconciliation(found, found.within(WEEK.span))
    return suggestions(found, WEEK.span, standing, checked)


def test_a_quiet_week_with_fitting_budgets_suggests_their_size_only():
    titles = [one.title for one in suggested(costs())]
    # 322.56 of 600 dollars and 67.20 of 100 a period: a quarter more would be 403.2 and 84.
    assert titles == ["Lower the budget of LLM cost to $410"]


def test_longer_calls_are_to_be_shortened():
    (first, *_) = suggested(costs(length=np.where(THIS_WEEK, 2.0, 1.0)))
    assert first.title.startswith("Shorten prompts")
    assert first.dollars_a_month == pytest.approx(80.64 * WEEKS_A_MONTH)
    assert first.evidence == "2,200 tokens a call, 100 % more than in the four weeks before"


def test_more_calls_a_ticket_are_to_be_explained():
    (first, *_) = suggested(costs(calls=np.where(THIS_WEEK, 3.0, 2.0)))
    assert first.title == "Find out why a ticket takes more calls"
    assert first.dollars_a_month == pytest.approx(120.96 / 3 * WEEKS_A_MONTH)


def test_a_cheaper_model_is_tried_on_a_tenth():
    found = suggested(costs(small=0.25))
    (first, *_) = found
    assert first.title == "Try small for a tenth of the calls of large"
    assert first.dollars_a_month == pytest.approx(0.1 * 60.48 * 0.9 * WEEKS_A_MONTH)
    assert "resolution rate" in first.risk


def test_a_cache_that_helps_less_is_named():
    # Half of what was read came from the cache, until this week.
    history = costs()
    made = []
    for one in history.series:
        labels = dict(one.labels)
        if labels.get("token_type") == "input" and one.metric.endswith("tokens_total"):
            grown = np.diff(one.values)
            at_night = np.repeat(np.where(THIS_WEEK, 0.0, 0.5), grown.size // 28)
            for kind, share in (("input", 1 - at_night), ("cache_read", at_night)):
                values = np.concatenate(([0.0], np.cumsum(grown * share)))
                made.append(series_of({**labels, "token_type": kind}, one.times, values))
        else:
            made.append(one)
            if labels.get("token_type") == "input" and one.metric.endswith("million_tokens"):
                cached = {**labels, "token_type": "cache_read"}
                made.append(series_of(cached, one.times, one.values / 10))
    cache = next(one for one in suggested(History(tuple(made), SPAN)) if "cache" in one.title)
    # 13,440 calls of 1,000 tokens, half of which cost 3.60 dollars a million more.
    assert cache.dollars_a_month == pytest.approx(13.44 / 2 * 3.6 * WEEKS_A_MONTH)
    assert "0 % of its prompt tokens did, 50 % in the four weeks before" in cache.evidence


@pytest.mark.parametrize("dollars", [300.0, 322.0])
def test_an_overspent_budget_is_to_be_decided_on(dollars):
    (first, *_) = suggested(costs(), (replace(LLM, dollars=dollars), RUNNING))
    assert first.title == "Spend less than the budget of LLM cost allows, or raise it knowingly"
    assert first.evidence == (
        f"$322.56 of ${dollars:.2f} are spent, and this week's pace needs $322.56 a period"
    )


def test_a_counter_without_prices_is_to_be_mended():
    history = costs()
    silent = [one for one in history.series if "per_million" not in one.metric]
    found = {one.title: one for one in suggested(History(tuple(silent), SPAN))}
    assert found["Bring the price table up to date"].evidence == (
        "the cost counter says $80.64, tokens times list price $0.00; "
        "14,784,000 tokens have no list price"
    )


def test_what_brings_most_stands_first():
    found = suggested(costs(small=0.25, length=np.where(THIS_WEEK, 2.0, 1.0)))
    amounts = [one.dollars_a_month for one in found]
    assert amounts == sorted(amounts, reverse=True)
    assert len(amounts) == 2
