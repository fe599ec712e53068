import math

import numpy as np
import pytest

import slo
from slo.figures.burn_rates import computed
from slo.model.alert import BurnRateAlert
from slo.model.duration import MINUTE
from tests.shop import PAGE, SPAN, TICKET, WEEK, availability, history, incident, stretch

OUTAGE = stretch(2, 2)


@pytest.fixture(scope="module")
def result():
    return slo.backtest(availability(), history((OUTAGE, 0.5)), [incident(OUTAGE)])


def test_error_ratios_are_divided_by_the_budget(result):
    found = computed(result, WEEK.span)
    page = found.alerts[0]
    assert page.alert == PAGE
    # Half of all requests fail for longer than the window: 50 times the budget of 1 %.
    assert np.nanmax(page.long.values) == pytest.approx(50)
    assert found.highest == pytest.approx(50)


def test_only_the_span_is_shown(result):
    found = computed(result, WEEK.span)
    for row in found.alerts:
        assert row.long.times[0] == WEEK.span.start
        assert row.long.times[-1] < WEEK.span.end
        assert all(WEEK.span.start <= s.start < s.end <= WEEK.span.end for s in row.firing)
    before = computed(result, slo.Week.parse("2026-W44").span)
    assert before.incidents == ()
    assert [row.firing for row in before.alerts] == [(), ()]


def test_firing_is_what_the_backtest_says(result):
    found = computed(result)
    for row in found.alerts:
        episodes = [e for e in result.episodes if e.alert == row.alert.name]
        assert [(s.start, s.end) for s in row.firing] == [(e.start, e.end) for e in episodes]
    assert found.alerts[0].firing != ()


def test_an_episode_that_still_fires_ends_with_the_span():
    late = stretch(6.95, 10)
    result = slo.backtest(availability(), history((late, 1.0)), [])
    assert computed(result, WEEK.span).alerts[0].firing[-1].end == SPAN.end


def test_an_alert_of_one_window_has_one_line():
    single = BurnRateAlert("page-10m", "page", 10 * MINUTE, 10 * MINUTE, 1.0)
    result = slo.backtest(availability(single), history(), [])
    assert computed(result).alerts[0].short is None
    assert len(slo.figures.burn_rates(result).data) == 1


def test_each_alert_has_a_row_with_its_factor_as_a_dashed_line(result):
    made = slo.figures.burn_rates(result, WEEK.span)
    lines = [s for s in made.layout.shapes if s.line.dash == "dash"]
    assert [(line.y0, line.yref) for line in lines] == [(14.4, "y"), (3.0, "y2")]
    titles = [note.text for note in made.layout.annotations]
    assert titles == [
        "<b>page-1h</b> fires above 14.4x over 1h and 5m",
        "<b>ticket-1d</b> fires above 3x over 1d and 2h",
    ]
    assert {trace.type for trace in made.data} == {"scatter"}


def test_the_logarithmic_axis_draws_zeros_on_its_foot_and_says_the_truth(result):
    made = slo.figures.burn_rates(result, WEEK.span)
    line = next(trace for trace in made.data if trace.name == "long window")
    assert min(line.y) == 0.1
    assert min(line.customdata) == 0.0
    low, high = made.layout.yaxis.range
    assert low == -1
    assert 10**high > computed(result, WEEK.span).highest


def test_the_linear_axis_draws_what_is_there(result):
    made = slo.figures.burn_rates(result, WEEK.span, axis="linear")
    line = next(trace for trace in made.data if trace.name == "long window")
    np.testing.assert_array_equal(line.y, line.customdata)
    assert made.layout.yaxis.range[0] == 0


def test_bands_for_firing_and_incidents_are_explained(result):
    made = slo.figures.burn_rates(result, WEEK.span)
    legend = [trace.name for trace in made.data if trace.mode == "markers"]
    assert legend == ["page firing", "ticket firing", "incident"]
    bands = [shape for shape in made.layout.shapes if shape.type == "rect"]
    rows = computed(result, WEEK.span).alerts
    assert len(bands) == sum(len(row.firing) for row in rows) + len(rows)


def test_a_policy_without_alerts_has_an_empty_figure():
    empty = availability().with_policy(slo.AlertPolicy(()))
    made = slo.figures.burn_rates(slo.backtest(empty, history(), []))
    assert made.data == ()
    assert math.isclose(10 ** made.layout.yaxis.range[1], 1.5)


def test_ticket_is_the_second_row(result):
    assert computed(result).alerts[1].alert == TICKET
