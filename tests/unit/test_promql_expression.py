"""Expressions: read, refused, and written so that what is read again is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.errors import SelectorError
from slo.model.duration import HOUR, MINUTE
from slo.model.expression import (
    Absent,
    Aggregate,
    Binary,
    Expression,
    Latest,
    Now,
    Number,
    Over,
    has_one_result,
    is_scalar,
    leaves,
)
from slo.model.selector import METRIC_NAME, Matcher, Selector
from slo.promql_expression import expression_of, measured, written

NODES = st.recursive(
    st.one_of(
        st.builds(
            Over,
            st.sampled_from(["rate", "increase", "max_over_time", "sum_over_time"]),
            st.sampled_from([Selector((Matcher(METRIC_NAME, "=", name),)) for name in "abc"]),
            st.sampled_from([None, HOUR]),
        ),
        st.builds(Latest, st.just(Selector((Matcher(METRIC_NAME, "=", "d"),)))),
        st.builds(Number, st.floats(0, 1e9), st.booleans()),
        st.just(Now()),
    ),
    lambda inner: st.one_of(
        st.builds(Aggregate, st.sampled_from(["sum", "max"]), inner, st.sampled_from([(), ("x",)])),
        st.builds(
            Binary,
            st.sampled_from(["+", "-", "*", "/"]),
            inner,
            inner,
            st.none(),
        ),
        st.builds(Absent, inner),
    ),
    max_leaves=6,
)


def is_valid(node) -> bool:
    """Whether Prometheus has such a thing: aggregations and absent() take vectors only."""
    match node:
        case Aggregate() | Absent():
            return not is_scalar(node.inner) and is_valid(node.inner)
        case Binary():
            return is_valid(node.left) and is_valid(node.right)
        case _:
            return True


@given(NODES.filter(is_valid))
def test_what_is_written_is_read_as_the_same(node):
    root = Aggregate("sum", Binary("*", Number(1.0), Aggregate("sum", node)))
    if is_scalar(node) or not any(leaves(node)):
        return
    text = written(root, MINUTE)
    assert written(expression_of(text).root, MINUTE) == text


def test_the_window_is_the_alerts():
    measure = expression_of("sum(increase(cost_total[$window])) / sum(rate(calls_total[1h]))")
    assert measure.is_windowed
    assert measure.own_windows == (HOUR,)
    assert [str(selector) for selector in measure.selectors] == ["cost_total", "calls_total"]
    assert str(measure.required) == "cost_total"
    assert measured(measure, 5 * MINUTE) == (
        "sum(increase(cost_total[5m])) / sum(rate(calls_total[1h]))"
    )


def test_the_mean_is_written_as_every_version_computes_it():
    measure = expression_of("max(avg_over_time(depth[$window]))")
    assert measured(measure, HOUR) == "max(sum_over_time(depth[1h]) / count_over_time(depth[1h]))"


def test_what_binds_loosely_is_put_in_brackets():
    measure = expression_of("(sum(a) - sum(b)) / (sum(c) or vector(1))")
    assert measured(measure, HOUR) == "(sum(a) - sum(b)) / (sum(c) or vector(1))"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("sum(rate(a_total[5m])", "is not PromQL"),
        ("rate(a_total[$window])", "expected one result"),
        ("sum by (pod) (rate(a_total[$window]))", "expected one result"),
        ("sum(a) > 3", "the operator > cannot be replayed"),
        ("sum without (pod) (a)", r"sum without \(...\) cannot be replayed"),
        ("topk(3, a)", "topk cannot be replayed"),
        ("histogram_quantile(0.9, sum by (le) (a))", r"histogram_quantile\(\) cannot be replayed"),
        ("max(rate(a_total[1h:1m]))", r"rate\(\) cannot be replayed"),
        ("sum(a * on (x) group_left b)", "group_left and group_right"),
        ("sum(a / ignoring (x) b)", r"ignoring \(...\)"),
        ("time() - 5", "reads a series"),
        ("sum(a offset 5m)", "offset and @"),
    ],
)
def test_what_cannot_be_replayed_is_refused(text, complaint):
    with pytest.raises(SelectorError, match=complaint):
        expression_of(text)


def test_an_expression_says_whether_it_is_one_number():
    assert isinstance(expression_of("sum(a)"), Expression)
    assert has_one_result(expression_of("absent(a)").root)
