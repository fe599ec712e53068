import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.model.selector import METRIC_NAME, Matcher, Selector
from slo.promql import gauge_selector
from slo.rules.example_series import example_labels, series_text


def selector(text: str) -> Selector:
    return gauge_selector(text)[0]


@pytest.mark.parametrize(
    ("wanted", "unwanted", "series"),
    [
        ("x", "y", "x"),
        ('x{code=~"5.."}', "y", 'x{code="500"}'),
        ('x{code=~"resolved|escalated"}', 'x{code="resolved"}', 'x{code="escalated"}'),
        ("x", 'x{code="5xx"}', 'x{code="other"}'),
        ('x{code!=""}', 'x{code=~"5.."}', 'x{code="other"}'),
        ('x{code=~".+",code!~"5.*"}', "y", 'x{code="0"}'),
        ('x{path=~"/api/v[0-9]+/\\\\w+"}', "y", 'x{path="/api/v0/0"}'),
        ('x{a="1",b!="2"}', "y", 'x{a="1",b="other"}'),
        ('d{le=~"5(\\\\.0)?"}', "d_count", 'd{le="5"}'),
    ],
)
def test_labels_are_made_from_the_conditions(wanted, unwanted, series):
    labels = example_labels([selector(wanted)], [selector(unwanted)])
    assert labels is not None
    assert series_text(labels) == series


def test_nothing_matches_what_is_both_wanted_and_unwanted():
    assert example_labels([selector('x{a="1"}')], [selector("x")]) is None
    assert example_labels([selector("x"), selector("y")]) is None


label_matchers = st.builds(
    Matcher,
    st.sampled_from("abc"),
    st.sampled_from(["=", "!=", "=~", "!~"]),
    st.sampled_from(["", "x", "5..", "a|b", "[^a]+", ".*", ".+", "(x|y){2}", "\\d?z"]),
)
selectors = st.lists(label_matchers, max_size=4).map(
    lambda matchers: Selector((Matcher(METRIC_NAME, "=", "m"), *matchers))
)


@given(selectors, selectors)
def test_whatever_is_found_is_wanted(wanted, unwanted):
    labels = example_labels([wanted], [unwanted])
    if labels is not None:
        assert wanted.matches(labels)
        assert not unwanted.matches(labels)
        assert selector(series_text(labels)).matches(labels)
