from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.errors import SelectorError
from slo.model.duration import HOUR, MINUTE
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.promql import counter_selector, error_ratio, event_rate, gauge_selector, number


@given(st.floats(allow_nan=False))
def test_a_printed_number_is_read_back_as_the_same_float(value):
    assert float(number(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(14.4, "14.4"), (6.0, "6"), (Decimal("0.0010"), "0.001"), (1e-7, "1e-07"), (100.0, "100")],
)
def test_numbers_are_short(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    "text",
    [
        'x_total{code=~"5.."}',
        '(x_total{code=~"5.."})',
        'sum(x_total{code=~"5.."})',
        'rate(x_total{code=~"5.."}[5m])',
        'sum(rate(x_total{code=~"5.."}[{{.window}}]))',
        'sum(increase(x_total{code=~"5.."}[$__rate_interval]))',
    ],
)
def test_a_counters_selector_is_found_in_the_forms_people_write(text):
    assert str(counter_selector(text)) == 'x_total{code=~"5.."}'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x_total offset 5m", "offset"),
        ("sum by (pod) (x_total)", "expected the counter's selector"),
        ("max(x_total)", "expected the counter's selector"),
        ("sum(rate(x_total[5m])) / 2", "expected the counter's selector"),
        ("x_total{", "is not PromQL"),
        ("", "is not PromQL"),
    ],
)
def test_what_cannot_be_replayed_is_refused_with_the_reason(text, complaint):
    with pytest.raises(SelectorError, match=complaint):
        counter_selector(text)


def test_escapes_survive():
    text = 'x{path="a\\\\b\\"c\\nd"}'
    assert str(counter_selector(text)) == text


def test_a_gauge_may_be_aggregated():
    selector, aggregation = gauge_selector('max(queue_depth{queue="a"})')
    assert (str(selector), aggregation) == ('queue_depth{queue="a"}', "max")


def test_the_error_ratio_of_events():
    bad = counter_selector('x_total{code="500"}')
    total = counter_selector("x_total")
    assert error_ratio(EventRatio("bad", bad, total), 5 * MINUTE) == (
        '(sum(rate(x_total{code="500"}[5m])) or 0 * sum(rate(x_total[5m])))'
        " / sum(rate(x_total[5m]))"
    )


def test_the_error_ratio_of_latency_reads_both_spellings_of_a_whole_bound():
    indicator = LatencyBuckets(counter_selector("x_bucket"), "5", counter_selector("x_count"))
    assert error_ratio(indicator, HOUR) == (
        '1 - (sum(rate(x_bucket{le=~"5(\\\\.0)?"}[1h])) or 0 * sum(rate(x_count[1h])))'
        " / sum(rate(x_count[1h]))"
    )


def test_a_fractional_bound_has_one_spelling():
    indicator = LatencyBuckets(counter_selector("x_bucket"), "0.25", counter_selector("x_count"))
    assert str(indicator.numerator) == 'x_bucket{le="0.25"}'


def test_the_error_ratio_of_time_slices_is_the_share_that_broke_the_promise():
    indicator = TimeSlices(counter_selector("depth"), "max", "<=", 100.0, MINUTE)
    kept = "(max(depth) <= bool 100)[1h:1m]"
    assert error_ratio(indicator, HOUR) == (
        f"1 - sum(sum_over_time({kept})) / sum(count_over_time({kept}))"
    )


def test_the_error_ratio_of_a_raw_ratio_is_its_mean():
    indicator = RawRatio("bad", counter_selector("errors:ratio"))
    over = "errors:ratio[5m]"
    assert error_ratio(indicator, 5 * MINUTE) == (
        f"sum(sum_over_time({over})) / sum(count_over_time({over}))"
    )


def test_events_are_what_the_error_ratio_is_a_share_of():
    total, gauge = counter_selector("x_total"), counter_selector("depth")
    events = EventRatio("bad", counter_selector("bad_total"), total)
    buckets = LatencyBuckets(counter_selector("x_bucket"), "5", counter_selector("x_count"))
    slices = TimeSlices(gauge, "max", "<=", 100.0, MINUTE)
    assert event_rate(events, 5 * MINUTE) == "sum(rate(x_total[5m]))"
    assert event_rate(buckets, 5 * MINUTE) == "sum(rate(x_count[5m]))"
    assert event_rate(RawRatio("bad", gauge), HOUR) == "sum(count_over_time(depth[1h])) / 3600"
    assert event_rate(slices, HOUR) == (
        "sum(count_over_time((max(depth) <= bool 100)[1h:1m])) / 3600"
    )
