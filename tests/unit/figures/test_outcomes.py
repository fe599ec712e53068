import numpy as np
import pytest

import slo
from slo.backtest import backtest_alerts
from slo.figures.outcomes import computed, figure
from slo.figures.reduce import dates
from slo.model.alert import BurnRateAlert
from slo.model.duration import HOUR, MINUTE
from slo.model.measure import CounterRate, CounterShare
from slo.model.threshold_alert import ThresholdAlert
from slo.promql import counter_selector
from tests.shop import PAGE, TICKET, availability, history, incident, stretch

# The small one is below both thresholds; the unlabelled one is above the page's.
SMALL, UNLABELLED = stretch(1, 1), stretch(4, 2)
PAST = history((SMALL, 0.1), (UNLABELLED, 0.5))


@pytest.fixture(scope="module")
def result():
    return slo.backtest(availability(PAGE, TICKET), PAST, [incident(SMALL, "small")])


def test_missed_incidents_come_first_then_false_pages_and_no_tickets(result):
    assert {one.severity for one in result.false_episodes} == {"page", "ticket"}
    found = computed(result)
    assert [case.kind for case in found.shown] == ["missed", "false"]
    missed, false = found.shown
    assert missed.title.startswith("missed: small, ")
    assert false.title.startswith("false: page-1h, ")
    assert found.more == 0


def test_a_case_shows_what_its_alert_compares_as_far_as_its_windows_reach(result):
    _, false = computed(result).shown
    (episode,) = (one for one in result.false_episodes if one.alert == "page-1h")
    assert (false.shown.start, false.shown.end) == (
        episode.start - HOUR,
        episode.end + 30 * MINUTE,
    )
    assert [line.window for line in false.lines] == [HOUR, 5 * MINUTE]
    assert all(line.threshold == PAGE.threshold(result.slo.objective) for line in false.lines)
    for line in false.lines:
        assert line.values.times[0] == false.shown.start
        every = result.ratios.over(line.window)
        inside = np.isin(every.times, line.values.times)
        assert np.array_equal(every.values[inside], line.values.values)
    assert [(span.start, span.end) for span in false.fired] == [(episode.start, episode.end)]
    assert false.incidents == ()


def test_the_alert_that_came_nearest_is_shown_for_what_was_missed():
    # The ratio over an hour reaches 0.1: a fifth of one threshold, half of the other.
    near = BurnRateAlert("near", "page", HOUR, HOUR, 20.0)
    far = BurnRateAlert("far", "page", HOUR, HOUR, 50.0)
    for alerts in ((near, far), (far, near)):
        result = slo.backtest(availability(*alerts), history((SMALL, 0.1)), [incident(SMALL)])
        (case,) = computed(result).shown
        assert case.lines[0].alert == "near"
        assert case.title.endswith("nearest near")
        assert case.incidents == (SMALL,)
        assert case.fired == ()


def test_below_a_threshold_nearest_is_the_lowest():
    rate = CounterRate(counter_selector("requests_total"))
    alerts = [
        ThresholdAlert(name, "page", rate, "<", threshold, (HOUR,))
        for name, threshold in (("near", 0.9), ("far", 0.2))
    ]
    result = backtest_alerts(alerts, PAST, [incident(SMALL)])
    (case,) = computed(result).shown
    assert case.lines[0].alert == "near"


def test_more_cases_than_are_wanted_are_counted(result):
    found = computed(result, most=1)
    assert ([case.kind for case in found.shown], found.more) == (["missed"], 1)
    assert "and 1 more" in figure(found).layout.title.text


def test_the_figure_draws_a_row_a_case_and_shades_incidents_and_episodes(result):
    found = computed(result)
    made = slo.figures.outcomes(result)
    lines = [trace for trace in made.data if trace.mode != "markers"]
    assert len(lines) == sum(len(case.lines) for case in found.shown)
    for trace, line in zip(lines, (one for c in found.shown for one in c.lines), strict=True):
        assert list(trace.x) == list(dates(line.values.times))
        assert trace.hovertemplate == "%{y:.3%}"
    bands = [shape for shape in made.layout.shapes if shape.type == "rect"]
    assert len(bands) == sum(len(case.incidents) + len(case.fired) for case in found.shown) == 2
    named = {trace.name for trace in made.data if trace.mode == "markers"}
    assert named == {"longest window", "shorter window", "incident", "page firing"}
    levels = [shape.y0 for shape in made.layout.shapes if shape.type == "line"]
    assert levels == [case.lines[0].threshold for case in found.shown]


@pytest.mark.parametrize(
    ("measure", "threshold", "read"),
    [
        (CounterRate(counter_selector('requests_total{code="500"}')), 0.2, "%{y:.4g}"),
        (
            CounterShare(
                counter_selector('requests_total{code="500"}'), counter_selector("requests_total")
            ),
            0.2,
            "%{y:.3%}",
        ),
    ],
)
def test_alerts_on_thresholds_are_drawn_alike(measure, threshold, read):
    alert = ThresholdAlert("failing", "page", measure, ">", threshold, (30 * MINUTE,))
    made = slo.figures.outcomes(backtest_alerts([alert], PAST))
    assert made.data[0].name == "failing over 30m"
    assert made.data[0].hovertemplate == read


def test_where_nothing_went_wrong_the_figure_says_so():
    made = slo.figures.outcomes(slo.backtest(availability(), history()))
    assert made.layout.annotations[0].text.startswith("No incident was missed")
