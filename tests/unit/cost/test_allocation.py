"""Every cut of the money, and what it leaves."""

import numpy as np
import pytest

from slo.cost.allocation import UNALLOCATED, allocations, movers
from slo.cost.ledger import ledger
from slo.model.samples import History, series_of
from tests.agent_costs import BUDGETS, LAST, SPAN, WEEK, costs


def masks(found):
    return found.within(WEEK.span), found.within(LAST.span)


def test_services_hold_everything_and_models_what_they_cost():
    found = ledger(BUDGETS, costs(small=0.25), SPAN.end)
    cuts = {one.by: one for one in allocations(found, *masks(found))}
    assert set(cuts) == {"service", "model", "type of token"}
    assert cuts["service"].dollars == pytest.approx(7 * (960 * 2 * 0.00465 + 2.4))
    assert [line.name for line in cuts["service"].lines] == ["models of acme", "compute"]
    assert [line.name for line in cuts["model"].lines] == ["acme large", "acme small"]
    assert cuts["type of token"].dollars == pytest.approx(cuts["model"].dollars)


def test_what_categories_do_not_explain_is_said_not_to_be_allocated():
    history = costs()
    times = history.series[0].times
    grown = np.linspace(0, 28 * 10.0, times.size)
    name = "support_agent_ticket_llm_cost_usd_sum"
    billing = series_of({"__name__": name, "category": "billing"}, times, grown)
    found = ledger(BUDGETS, History((*history.series, billing), SPAN), SPAN.end)
    (cut,) = [one for one in allocations(found, *masks(found)) if one.by == "category"]
    assert [line.name for line in cut.lines] == ["billing", UNALLOCATED]
    assert [line.dollars for line in cut.lines] == pytest.approx([70, 80.64 - 70])
    assert cut.dollars == pytest.approx(80.64)


def test_what_moved_most_stands_first_and_what_did_not_is_left_out():
    length = np.where(np.arange(28) >= 21, 2.0, 1.0)
    found = ledger(BUDGETS, costs(length=length), SPAN.end)
    lines = movers(found, *masks(found))
    assert [line.name for line in lines] == ["acme large input", "acme large output"]
    assert [line.change for line in lines] == pytest.approx([53.76, 26.88])
