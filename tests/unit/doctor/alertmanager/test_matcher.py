"""Conditions on labels, as Alertmanager's configuration writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.doctor.alertmanager.matcher import (
    matchers_of,
    matchers_of_silence,
    met,
    parse_matchers,
)
from slo.errors import AlertmanagerError
from slo.model.selector import Matcher


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('severity=~"page|critical"', [("severity", "=~", "page|critical")]),
        ("severity=page", [("severity", "=", "page")]),
        (" severity != page ", [("severity", "!=", "page")]),
        ('{a="1", b!~"2,3"}', [("a", "=", "1"), ("b", "!~", "2,3")]),
        ("a=b,c=d,", [("a", "=", "b"), ("c", "=", "d")]),
        ('foo="bar\\"baz"', [("foo", "=", 'bar"baz')]),
        ('foo="a\\\\b\\nc"', [("foo", "=", "a\\b\nc")]),
        ('foo=""', [("foo", "=", "")]),
        ("foo=", [("foo", "=", "")]),
        ('"a label"="x"', [("a label", "=", "x")]),
        ("{}", []),
    ],
)
def test_what_is_written_is_read(text, expected):
    assert parse_matchers(text) == tuple(Matcher(*one) for one in expected)


@pytest.mark.parametrize("text", ["severity", "=x", 'a="b', 'a="b" c="d"', "{a=b"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(AlertmanagerError, match="is no matcher"):
        parse_matchers(text)


names = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True)
operators = st.sampled_from(["=", "!=", "=~", "!~"])


@given(st.lists(st.tuples(names, operators, st.text()), max_size=4))
def test_what_is_printed_is_read_back(written):
    matchers = tuple(Matcher(*one) for one in written)
    assert parse_matchers(", ".join(map(str, matchers))) == matchers


def test_the_older_ways_of_a_route_count_too():
    route = {"match": {"a": "1"}, "match_re": {"b": "2|3"}, "matchers": ['c="4"']}
    assert [str(one) for one in matchers_of(route)] == ['a="1"', 'b=~"2|3"', 'c="4"']


def test_conditions_of_a_silence():
    silence = {
        "matchers": [
            {"name": "a", "value": "x", "isRegex": True, "isEqual": False},
            {"name": "b", "value": "y", "isRegex": False},
        ]
    }
    assert [str(one) for one in matchers_of_silence(silence)] == ['a!~"x"', 'b="y"']


def test_a_label_that_is_absent_is_empty():
    assert met(parse_matchers('a="", b!="x"'), {"c": "1"})
    assert not met(parse_matchers('a!=""'), {"c": "1"})


def test_a_regular_expression_that_cannot_be_read_is_named():
    with pytest.raises(AlertmanagerError, match='a=~"\\("'):
        met(parse_matchers('a=~"("'), {"a": "x"})
