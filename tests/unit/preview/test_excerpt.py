import numpy as np
import pytest

from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.grid import Grid
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.preview.excerpt import excerpt
from slo.preview.reads import ANYTHING, reads, within

END = 10 * DAY
TIMES = np.arange(0, END + 1, MINUTE)


def kept(expr: str, grid: Grid, metric: str = "x_total", values=None) -> set[int]:
    made = series_of({"__name__": metric}, TIMES, TIMES / 1000 if values is None else values)
    left = excerpt(History((made,), Span(0, END)), reads(expr, grid)).series
    return set(left[0].times.tolist()) if left else set()


def test_an_instant_reads_one_sample():
    assert kept("x_total", Grid.at(END - 30_000)) == {END - MINUTE}
    assert kept("x_total offset 1h", Grid.at(END)) == {END - HOUR}
    assert kept("y_total", Grid.at(END)) == set()


def test_short_windows_keep_every_sample():
    grid = Grid(END - 2 * HOUR, END, HOUR)
    expected = {at - back * MINUTE for at in (END - 2 * HOUR, END - HOUR, END) for back in range(6)}
    assert kept("rate(x_total[5m])", grid) == expected


def test_long_windows_are_thinned_and_keep_their_ends():
    found = kept("increase(x_total[5d])", Grid.at(END))
    assert 60 <= len(found) <= 64
    assert {END - 5 * DAY, END} <= found


def test_resets_survive_thinning():
    values = TIMES / 1000.0
    values[TIMES >= END - DAY - 7 * MINUTE] -= values[TIMES == END - DAY - 7 * MINUTE]
    found = kept("increase(x_total[5d])", Grid.at(END), values=values)
    assert {END - DAY - 8 * MINUTE, END - DAY - 7 * MINUTE} <= found
    thinned = np.array([v for t, v in zip(TIMES.tolist(), values, strict=True) if t in found])
    whole = values[END - 5 * DAY <= TIMES]

    def increase(samples):
        steps = np.diff(samples)
        return float(np.where(steps < 0, samples[1:], steps).sum())

    assert increase(thinned) == pytest.approx(increase(whole), rel=1e-12)


def test_subqueries_read_at_each_of_their_instants():
    grid = Grid(END - DAY, END, DAY)
    found = kept("max_over_time(gauge[2m:1m])", grid, "gauge")
    assert found == {at - back * MINUTE for at in (END - DAY, END) for back in range(3)}


def test_finer_instants_are_one_grid_where_windows_touch():
    assert within(Grid(DAY, 2 * DAY, HOUR), HOUR, MINUTE) == (Grid(DAY - HOUR, 2 * DAY, MINUTE),)
    apart = within(Grid(DAY, 2 * DAY, HOUR), 2 * MINUTE, MINUTE)
    assert [one.start for one in apart] == [DAY, DAY - MINUTE, DAY - 2 * MINUTE]
    assert {one.step for one in apart} == {HOUR}


def test_what_is_yet_to_be_chosen_is_no_condition():
    (read,) = reads(f'x{{a="1",b=~"{ANYTHING}",c="{ANYTHING}"}}', Grid.at(END))
    assert str(read.selector) == 'x{a="1"}'
