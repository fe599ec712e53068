import re

import numpy as np

from slo.model.samples import Points
from slo.report.pages.sparkline import HEIGHT, WIDTH, sparkline


def line(values):
    numbers = np.array(values, dtype=float)
    times = np.arange(numbers.size, dtype=np.int64)
    return sparkline(Points(times, numbers, np.isfinite(numbers)))


def places(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def test_all_of_the_budget_is_at_the_top_and_none_at_the_dashed_line():
    made = line([1.0, 0.5, 0.0])
    assert places(made.path) == [(2.0, 2.0), (WIDTH / 2, HEIGHT / 2), (WIDTH - 2, HEIGHT - 2)]
    assert made.zero == f"{HEIGHT - 2:.1f}"


def test_an_overspent_budget_is_drawn_below_the_dashed_line():
    made = line([1.0, -1.0])
    assert float(made.zero) == HEIGHT / 2
    assert places(made.path)[-1][1] == HEIGHT - 2


def test_the_line_breaks_where_nothing_is_known():
    assert re.sub(r"[\d. ]", "", line([np.nan, 1, 1, np.nan, 1]).path) == "MLM"


def test_no_points_draw_nothing():
    assert line([]).path == ""
    assert line([np.nan]).path == ""


def test_many_points_become_few():
    assert len(places(line(np.linspace(1, 0, 5000)).path)) <= 98
