from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

import slo
from slo.budget import budget_account
from slo.errors import NotEnoughData
from slo.figures.burn_down import computed as computed_of
from slo.model.duration import DAY, HOUR, SECOND
from slo.model.objective import CalendarPeriod, RollingPeriod
from slo.model.samples import History
from slo.model.span import to_datetime
from tests.shop import SPAN, WEEK, WEEKS, availability, history, stretch

# 21 days of a request a second allow 1 % of 1,814,400: 18,144 failures, 5.04 hours of nothing else.
BUDGET_HOURS = 5.04


def computed(objective, past, at):
    return computed_of(budget_account(objective, past), at)


def test_an_outage_takes_its_share():
    found = computed(availability(), history((stretch(2, 1), 1.0)), SPAN.end)
    assert found.remaining.values[-1] == pytest.approx(1 - 1 / BUDGET_HOURS, abs=1e-4)
    assert found.remaining.times[0] == SPAN.end - 21 * DAY
    assert found.remaining.values[0] == 1.0
    assert found.projected.values[0] == pytest.approx(found.remaining.values[-1], abs=1e-9)


def test_the_last_weeks_pace_exhausts_a_rolling_budget():
    # A third of the requests fail for 10 hours: 3.33 hours of budget a week.
    found = computed(availability(), history((stretch(1, 10), 1 / 3)), SPAN.end)
    left = (BUDGET_HOURS - 10 / 3) / (10 / 3)
    assert found.exhausted_at == pytest.approx(SPAN.end + left * 7 * DAY, abs=HOUR)
    assert found.recovered_at is None


def test_a_spent_rolling_budget_comes_back_when_the_outage_leaves_the_period():
    outage = stretch(0, 6, slo.Week.parse("2026-W45"))
    found = computed(availability(), history((outage, 1.0)), SPAN.end)
    assert found.remaining.values[-1] < 0
    assert found.exhausted_at is None
    # Overspent by 0.96 hours: so much of the outage must have left the period of 21 days.
    back = outage.start + 0.96 * HOUR + 21 * DAY
    assert found.recovered_at == pytest.approx(back, abs=10 * 60 * SECOND)


def test_a_quiet_week_leads_nowhere():
    found = computed(availability(), history(), SPAN.end)
    assert found.exhausted_at is None
    assert found.recovered_at is None
    assert found.projected.values.tolist() == [1.0] * found.projected.times.size


def test_a_calendar_period_is_projected_to_its_end_and_does_not_forget():
    period = CalendarPeriod(1, "M", datetime(2026, 11, 1, tzinfo=UTC))
    slo_of_month = availability(period=period)
    found = computed(slo_of_month, history((stretch(1, 10), 0.4)), WEEK.span.end - 1)
    assert to_datetime(int(found.projected.times[-1])) == datetime(2026, 12, 1, tzinfo=UTC)
    assert np.all(np.diff(found.projected.values) < 0)
    # The month allows 7.2 hours; 4 are spent, and 4 a week lead to 8.
    assert found.exhausted_at == pytest.approx(WEEK.span.end + 0.8 * 7 * DAY, abs=2 * HOUR)


def test_a_history_shorter_than_the_period_leaves_its_beginning_open():
    found = computed(availability(period=RollingPeriod(56 * DAY)), history(), SPAN.end)
    assert not found.remaining.present[0]
    assert found.remaining.present[-1]


def test_the_figure_shows_the_line_its_projection_and_the_end():
    period = CalendarPeriod(1, "M", datetime(2026, 11, 1, tzinfo=UTC))
    past = history(*((stretch(1, 10, week), 0.2) for week in WEEKS))
    made = slo.figures.burn_down(availability(period=period), past, SPAN.end - 1)
    by_name = {trace.name: trace for trace in made.data}
    assert {"budget left", "likely", "in nine of ten cases"} <= set(by_name)
    assert by_name["if every week were as the last"].line.dash == "dot"
    assert by_name["in nine of ten cases"].fill == "tonexty"
    assert made.data[-1].text[0].startswith("spent ")
    assert made.data[0].x[0].isoformat().endswith("+00:00")
    assert made.layout.shapes[0].y0 == 0


def test_without_the_metric_there_is_no_figure():
    with pytest.raises(NotEnoughData, match="requests_total"):
        slo.figures.burn_down(availability(), History((), SPAN))


def test_without_events_there_is_no_line():
    still = history()
    frozen = [replace(one, values=np.zeros(one.values.size)) for one in still.series]
    found = computed(availability(), History(tuple(frozen), SPAN), SPAN.end)
    assert not found.remaining.present.any()
    assert not found.projected.present.any()
    assert found.exhausted_at is None
