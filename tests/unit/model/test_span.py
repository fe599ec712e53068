from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.model.duration import WEEK
from slo.model.span import Span, Week, merged, outside, to_milliseconds


def test_week_45_begins_on_a_monday_at_midnight_utc():
    week = Week.parse("2026-W45")
    assert week.span.start == to_milliseconds(datetime(2026, 11, 2, tzinfo=UTC))
    assert week.span.length == WEEK
    assert str(week) == "2026-W45"


def test_weeks_cross_years_as_iso_says():
    assert str(Week.parse("2027-W01").previous) == "2026-W53"


@pytest.mark.parametrize("text", ["2026-45", "2026-W54", "2025-W53", "2026-W00", "W45"])
def test_weeks_that_do_not_exist_are_refused(text):
    with pytest.raises(ValueError, match=r"week|Invalid"):
        Week.parse(text)


def test_a_week_closes_when_it_ends():
    week = Week.parse("2026-W45")
    assert Week.last_closed(week.span.end) == week
    assert Week.last_closed(week.span.end - 1) == week.previous


def test_a_naive_moment_has_no_milliseconds():
    with pytest.raises(ValueError, match="no time zone"):
        to_milliseconds(datetime(2026, 1, 1))  # noqa: DTZ001  that is the point


def test_spans_overlap_in_what_both_hold():
    assert Span(0, 10).overlap(Span(5, 20)) == Span(5, 10)
    assert Span(0, 10).overlap(Span(10, 20)) is None


def test_a_span_does_not_end_before_it_starts():
    with pytest.raises(ValueError, match="cannot end"):
        Span(1, 0)


SPANS = st.builds(lambda a, b: Span(min(a, b), max(a, b)), *[st.integers(0, 40)] * 2)


@given(span=SPANS, others=st.lists(SPANS, max_size=6))
def test_what_lies_outside_and_what_is_merged_are_all_instants_once(span, others):
    instants = {t for one in others for t in range(one.start, one.end)}
    joined, rest = merged(others), outside(span, others)
    assert {t for one in joined for t in range(one.start, one.end)} == instants
    assert {t for one in rest for t in range(one.start, one.end)} == {
        *range(span.start, span.end)
    } - instants
    assert all(a.end < b.start for a, b in pairwise(joined))
    assert sum(one.length for one in rest) == len({*range(span.start, span.end)} - instants)
