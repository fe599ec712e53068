"""What the figures of cost will draw, in numbers."""

import numpy as np
import pytest

import slo
from slo.cost.change import change, usage
from slo.cost.forecast import forecast
from slo.cost.ledger import ledger
from slo.figures import cost_change, cost_forecast, daily_cost
from slo.figures.cost_change import computed as steps_of
from slo.figures.cost_forecast import computed as way_of
from slo.figures.daily_cost import computed as days_of
from slo.model.duration import DAY
from slo.model.samples import History, series_of
from tests.agent_costs import BUDGETS, LAST, SPAN, WEEK, costs

RUNAWAY = np.where(np.arange(28) == 23, 2.0, 1.0)


@pytest.fixture(scope="module")
def found():
    return ledger(BUDGETS, costs(length=RUNAWAY), SPAN.end)


def test_layers_add_up_to_the_days(found):
    drawn = days_of(found, WEEK.span)
    assert [name for name, _ in drawn.layers] == ["models of acme", "compute"]
    assert np.sum([values for _, values in drawn.layers], axis=0) == pytest.approx(found.totals)
    assert [one.day for one in drawn.odd] == [WEEK.span.start + 2 * DAY]
    traces = daily_cost(found, WEEK.span).data
    assert [trace.name for trace in traces] == ["models of acme", "compute", "out of the ordinary"]
    assert traces[-1].text == ("+83%",)


def test_many_services_end_as_others(found):
    times = costs().series[0].times
    more = [
        series_of(
            {"__name__": "support_agent_service_cost_usd_total", "service": f"s{i}"},
            times,
            np.linspace(0, 28 * i, times.size),
        )
        for i in range(1, 8)
    ]
    many = ledger(BUDGETS, History((*costs().series, *more), SPAN), SPAN.end)
    drawn = days_of(many, WEEK.span)
    assert drawn.layers[-1][0] == "others"
    assert len(drawn.layers) == 6
    assert np.sum([values for _, values in drawn.layers], axis=0) == pytest.approx(many.totals)


def test_steps_lead_from_one_amount_to_the_other(found):
    moved = change(*(usage(found, found.within(week.span)) for week in (LAST, WEEK)))
    steps = steps_of(moved)
    assert steps.names == ("week before", "tokens per call", "this week")
    assert sum(steps.dollars[:-1]) == pytest.approx(steps.dollars[-1])
    (bars,) = cost_change(moved).data
    assert bars.text == ("$97", "+$11.52", "$109")


def test_the_way_goes_on_where_it_ends(found):
    ahead = forecast(found)
    way = way_of(ahead, 700.0)
    assert way.spent[-1] == pytest.approx(ahead.spent)
    assert way.ahead[0] == way.spent[-1]
    assert way.ahead_at[0] == way.spent_at[-1] == ahead.until
    assert way.ahead_at[-1] == ahead.month.end
    assert (way.low[-1], way.ahead[-1], way.high[-1]) == (ahead.low, ahead.expected, ahead.high)
    figure = cost_forecast(ahead, 700.0)
    assert [trace.name for trace in figure.data if trace.name] == [
        "spent",
        "in nine of ten cases",
        "expected",
    ]


def test_they_belong_to_the_public_face():
    assert {"cost_change", "cost_forecast", "daily_cost"} <= set(slo.figures.__all__)
