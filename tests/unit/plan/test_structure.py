import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.plan.structure import differences

LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)


def told(before, after):
    return [str(one) for one in differences(before, after)]


@given(VALUES)
def test_nothing_differs_from_itself(value):
    assert differences(value, value) == ()


@given(VALUES, VALUES)
def test_what_differs_is_never_kept_quiet(before, after):
    same = _json(before) == _json(after)
    assert (differences(before, after) == ()) == same


def _json(value):
    import json

    return json.dumps(value, sort_keys=True)


def panel(title, **fields):
    return {"title": title, "fieldConfig": {"defaults": fields}}


def test_a_panel_is_called_by_its_title_and_its_unit_is_its_own():
    before = {"panels": [panel("Traffic", unit="reqps"), panel("Response latency", unit="s")]}
    after = {"panels": [panel("Traffic", unit="reqps"), panel("Response latency", unit="ms")]}
    assert told(before, after) == ['panels[Response latency].unit: "s" -> "ms"']


def test_panels_that_move_come_and_go():
    before = {"panels": [panel("a"), panel("b"), panel("c")]}
    after = {"panels": [panel("c"), panel("a"), panel("d")]}
    assert told(before, after) == [
        "panels[b]: removed",
        "panels[d]: added",
        'panels (order): ["a", "b", "c"] -> ["c", "a", "d"]',
    ]


def test_two_of_a_name_are_told_apart():
    before = {"panels": [panel("a", unit="s"), panel("a", unit="s")]}
    after = {"panels": [panel("a", unit="s"), panel("a", unit="ms")]}
    assert told(before, after) == ['panels[a #2].unit: "s" -> "ms"']


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({"refresh": None}, {}, "refresh: null -> nothing"),
        ({}, {"refresh": "1m"}, 'refresh: nothing -> "1m"'),
        ({"a": 1}, {"a": True}, "a: 1 -> true"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "a[1]: 2 -> 3"),
        ({"a": {"b": 1}}, {"a": "b"}, 'a: {"b": 1} -> "b"'),
    ],
)
def test_values_of_every_kind(before, after, line):
    assert told(before, after) == [line]


def test_of_a_long_expression_the_difference_is_shown():
    start = "sum(rate(http_requests_total{" + "x" * 80
    (line,) = told({"expr": f"{start}[5m]))"}, {"expr": f"{start}[1h]))"})
    assert line.endswith('xxx[5m]))" -> "...' + "x" * 19 + '[1h]))"')
    assert len(line) < 100
