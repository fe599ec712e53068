"""The card of the picture: bars are as long as their numbers, and nothing is fetched."""

from math import isfinite, nan

import pytest
from hypothesis import given, settings

from slo.report.forms.digest import Bar
from slo.report.forms.headline import drawn, headline, scale
from tests.digests import DIGESTS, digests
from tests.parsed_page import Page


@settings(max_examples=30)
@given(digests())
def test_no_bar_leaves_its_track(digest):
    most = scale(digest.bars)
    for one in (drawn(bar, most) for bar in digest.bars):
        assert 0 <= one.width <= 100
        assert isfinite(one.low)
        assert isfinite(one.spread)


def test_bars_are_in_proportion_and_the_limit_is_marked_where_one_is_beyond():
    bars = (Bar("a", "", 0.5, "kept"), Bar("b", "", 2.0, "exhausted"))
    most = scale(bars)
    one, other = (drawn(bar, most).width for bar in bars)
    assert other == pytest.approx(4 * one, rel=1e-3)
    assert other < 100
    assert scale(bars[:1]) == 1


def test_what_is_overspent_fills_its_track_and_what_is_not_known_leaves_it_empty():
    assert drawn(Bar("a", "", -0.2, "exhausted"), 1.0).width == 100
    assert drawn(Bar("a", "", nan, "insufficient-data"), 1.0).width == 0


def test_an_interval_lies_where_it_is():
    one = drawn(Bar("a", "", 0.5, "kept", 0.4, 0.7), 1.0)
    assert (one.low, one.spread) == (40, 30)


@pytest.mark.parametrize("name", DIGESTS)
def test_it_is_a_page_that_asks_nobody(name):
    digest = DIGESTS[name]()
    parsed = Page(headline(digest))
    assert (parsed.crooked, parsed.open) == ([], [])
    for tag in ("script", "link", "img", "iframe", "a"):
        assert parsed.of(tag) == []
    (meta,) = parsed.of("meta", **{"http-equiv": "Content-Security-Policy"})
    assert "default-src 'none'" in meta[1]["content"]
    texts = {element[2].strip() for element in parsed.elements}
    assert f"{digest.sign} {digest.verdict}" in texts
    assert {bar.value for bar in digest.bars} <= texts
