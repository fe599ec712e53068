"""Targets from histories whose failures are known."""

import numpy as np
import pytest

from slo.discovery import promise
from slo.discovery.promise import since_first_sample
from slo.errors import NotEnoughData
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from tests.found import candidate

START = 1_790_000_000_000 // DAY * DAY


def past(days: float, share: float, *, a_minute: float = 1000, worst: float = 0.0) -> History:
    """A share of requests fails, evenly; on the third day from the end ``worst`` of them."""
    end = START + round(days * DAY)
    times = np.arange(START, end, 5 * MINUTE, dtype=np.int64)
    requests = np.full(times.size, 5.0 * a_minute)
    shares = np.full(times.size, share)
    shares[(times >= end - 3 * DAY) & (times < end - 2 * DAY)] += worst
    return History(
        (
            series_of({"__name__": "requests_total"}, times, np.cumsum(requests)),
            series_of({"__name__": "failed_total"}, times, np.cumsum(requests * shares)),
        ),
        # Asked for more than there is: what nobody saw is no history.
        Span(START - 20 * DAY, end),
    )


def target(history: History) -> str:
    made = promise(candidate(), history)
    assert made
    return str(made.slo.objective)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, "99.99 %"), (0.0002, "99.95 %"), (0.0005, "99.9 %"), (0.003, "99.5 %"), (0.02, "95 %")],
)
def test_the_highest_target_that_keeps_a_quarter_of_its_budget(share, expected):
    assert target(past(90, share)) == expected


def test_what_no_usual_target_fits_gets_a_whole_percent():
    assert target(past(90, 0.2)) == "73 %"


def test_what_is_bad_half_of_the_time_is_no_promise():
    assert promise(candidate(), past(90, 0.5)) is None


@pytest.mark.parametrize(
    ("days", "highest", "period"),
    [
        (0.2, "99 %", 7),
        (3, "99.5 %", 7),
        (10, "99.9 %", 7),
        (20, "99.9 %", 14),
        (40, "99.99 %", 30),
    ],
)
def test_a_young_history_has_not_seen_the_bad_days(days, highest, period):
    made = promise(candidate(), past(days, 0.0))
    assert made
    assert str(made.slo.objective) == highest
    assert made.slo.period.length == period * DAY
    assert made.provisional == (days < 30)
    assert bool(made.period_reason) == (days < 30)


@pytest.mark.parametrize(
    ("days", "kept"),
    [(1 / 60, "all 24m of history"), (0.5, "all 12h of history"), (4, "each day of 4 days of")],
)
def test_less_than_a_day_has_no_days(days, kept):
    made = promise(candidate(), past(days, 0.0))
    assert made
    assert made.reason.startswith(kept)


def test_with_little_history_every_single_day_must_have_kept_it():
    assert target(past(14, 0.0002)) == "99.9 %"
    assert target(past(14, 0.0002, worst=0.004)) == "99.5 %"


def test_few_events_allow_few_failures():
    rare = past(60, 0.0, a_minute=0.005)
    made = promise(candidate(a_day=7), rare)
    assert made
    assert made.slo.objective.ratio < 1
    few = float(made.slo.objective.error_budget) * 0.005 * 60 * 24 * 30
    assert few >= 10
    rarer = promise(candidate(a_day=1), past(60, 0.0, a_minute=0.001))
    assert rarer
    assert "so few events" in rarer.reason


def test_alerts_that_chance_sets_off_are_named():
    made = promise(candidate(), past(60, 0.0005, a_minute=0.5))
    assert made
    assert any("failure" in warning for warning in made.warnings)


def test_history_begins_with_the_first_sample():
    assert since_first_sample(candidate(), past(2, 0.0)).span.length == 2 * DAY


def test_without_series_there_is_nothing_to_promise():
    with pytest.raises(NotEnoughData, match="requests_total"):
        promise(candidate(), History((), Span(START, START + HOUR)))
