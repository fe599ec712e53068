import numpy as np
import pytest

from slo.model.duration import HOUR
from slo.model.samples import STALE_BITS, History, Series, is_stale, series_of
from slo.model.selector import Matcher, Selector
from slo.model.span import Span


def history(*series: Series) -> History:
    return History(series, Span(0, 100))


def test_series_are_ordered_by_their_labels_as_prometheus_orders_them():
    a = series_of({"__name__": "x", "b": "1"}, [0], [1])
    b = series_of({"__name__": "x", "a": "2"}, [0], [1])
    upper = series_of({"__name__": "x", "Z": "9"}, [0], [1])
    assert history(a, b, upper).series == (upper, b, a)


def test_a_selector_finds_its_series_and_an_absent_label_is_empty():
    a = series_of({"__name__": "x", "code": "500"}, [0], [1])
    b = series_of({"__name__": "x"}, [0], [1])
    name = Matcher("__name__", "=", "x")
    past = history(a, b)
    assert past.select(Selector((name, Matcher("code", "=~", "5..")))) == (a,)
    assert past.select(Selector((name, Matcher("code", "!~", "5.*")))) == (b,)
    assert past.select(Selector((name, Matcher("code", "=", "")))) == (b,)
    assert past.select(Selector((Matcher("__name__", "=~", "x|y"),))) == (b, a)


def test_regular_expressions_are_anchored():
    assert not Matcher("code", "=~", "5").matches("500")
    assert Matcher("code", "=~", "5|500").matches("500")


def test_two_series_with_the_same_labels_are_refused():
    one = series_of({"__name__": "x"}, [0], [1])
    with pytest.raises(ValueError, match="same labels"):
        history(one, one)


@pytest.mark.parametrize("times", [[5, 5], [5, 4]])
def test_times_increase(times):
    with pytest.raises(ValueError, match="strictly increasing"):
        series_of({"__name__": "x"}, times, [1, 2])


def test_only_the_markers_own_bits_are_stale():
    values = np.array([STALE_BITS, 0x7FF8000000000000, 0], dtype=np.uint64).view(np.float64)
    assert is_stale(values).tolist() == [True, False, False]


def test_a_history_begins_with_its_first_sample_where_nothing_came_before_it():
    times = [5 * HOUR, 6 * HOUR]
    whole = History((series_of({"__name__": "x"}, times, [1, 2]),), Span(0, 7 * HOUR))
    assert whole.from_first_sample().span == Span(5 * HOUR, 7 * HOUR)
    assert whole.from_first_sample().series == whole.series


def test_a_first_scrape_that_comes_a_little_later_is_no_later_beginning():
    whole = History((series_of({"__name__": "x"}, [15_000], [1]),), Span(0, 7 * HOUR))
    assert whole.from_first_sample() is whole
    assert whole.from_first_sample(slack=0).span == Span(15_000, 7 * HOUR)


def test_a_history_without_samples_stays_as_it_was_asked_for():
    nothing = History((), Span(0, 7 * HOUR))
    assert nothing.from_first_sample(slack=0) is nothing
