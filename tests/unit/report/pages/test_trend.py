"""Weeks as a line or as bars."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest

from slo.report.pages.trend import HEIGHT, WIDTH, bars, line


def test_a_line_breaks_where_there_is_no_number_and_keeps_zero_in_sight():
    drawn = line([1.0, math.nan, 0.5, -1.0])
    assert [dot and dot[0] for dot in drawn.dots] == [5.0, None, 318.3, 475.0]
    assert drawn.path.count("M") == 2
    assert drawn.path.count("L") == 1
    heights = [dot[1] for dot in drawn.dots if dot]
    assert heights[0] == 5.0
    assert heights[-1] == HEIGHT - 5.0
    assert drawn.zero == HEIGHT / 2


def test_a_single_week_has_no_line():
    assert line([0.5]).path == ""
    assert line([math.nan, 0.5]).path == ""
    assert line([]).dots == ()


def test_bars_stand_on_the_lower_edge_and_are_as_high_as_their_dollars():
    drawn = bars([50.0, math.nan, 100.0], [200.0, 200.0, math.nan])
    first, none, last = drawn.bars
    assert none is None
    for bar in (first, last):
        assert bar[1] + bar[3] == HEIGHT
    assert last[3] == pytest.approx(2 * first[3], abs=0.2)
    (level, _) = re.findall(r"M[\d.]+ ([\d.]+)H", drawn.allowed)
    assert HEIGHT - float(level) == pytest.approx(4 * first[3], abs=0.3)


def test_bars_of_many_weeks_fit_and_do_not_touch():
    drawn = bars([10.0] * 52, [math.nan] * 52)
    assert drawn.allowed == ""
    ends = [(bar[0], bar[0] + bar[2]) for bar in drawn.bars]
    assert all(end < start for (_, end), (start, _) in pairwise(ends))
    assert ends[-1][1] < WIDTH


def test_a_free_week_has_a_bar_without_height():
    (bar,) = bars([0.0], [math.nan]).bars
    assert bar[3] == 0.0
