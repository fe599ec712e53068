import math

import numpy as np
import pytest

from slo.figures.panels.colours import PALETTE, UNKNOWN, colour, of_palette, veiled
from slo.figures.panels.gauge import Gauge, arcs
from slo.figures.panels.pie import Pie, Slice
from slo.figures.panels.pie import figure as pie
from slo.figures.panels.time_series import (
    Axis,
    Line,
    Threshold,
    TimeSeries,
    figure,
    nice_ticks,
)
from slo.model.duration import HOUR, MINUTE
from slo.model.span import Span

SPAN = Span(0, HOUR)
TIMES = np.arange(0, HOUR + 1, MINUTE, dtype=np.int64)


def line(values=1.0, **more) -> Line:
    fields = {"name": "a", "unit": "short", "decimals": None, "colour": PALETTE[0]}
    return Line(times=TIMES, values=np.full(TIMES.size, values), **(fields | more))


def test_colours_have_grafanas_names():
    assert colour("semi-dark-orange") == "#fa6400"
    assert colour("#123456") == "#123456"
    assert colour("text") == "currentColor"
    assert colour("mauve") == UNKNOWN
    assert colour("url(https://example.com)") == UNKNOWN
    assert of_palette(len(PALETTE)) == PALETTE[0]
    assert veiled("#010203", 0.5) == "rgba(1,2,3,0.5)"


@pytest.mark.parametrize(
    ("low", "high", "unit", "ticks"),
    [
        (0, 1, "percentunit", [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 180, "s", [0, 60, 120, 180]),
        (0, 4 * 1024**3, "bytes", [n * 1024**3 for n in range(5)]),
        (-3, 20, "short", [0, 5, 10, 15, 20]),
        (1, 1, "short", [1]),
    ],
)
def test_ticks_are_round_in_their_unit(low, high, unit, ticks):
    assert nice_ticks(low, high, unit) == pytest.approx(ticks)


def test_a_second_axis_is_there_when_a_line_is_on_it():
    made = figure(TimeSeries(SPAN, (line(), line(5.0, side="right", unit="currencyUSD"))))
    assert made.layout.yaxis2.side == "right"
    assert made.layout.yaxis2.ticktext[-1].startswith("$")
    assert made.data[1].yaxis == "y2"
    assert "yaxis2" not in figure(TimeSeries(SPAN, (line(),))).layout


def test_stacked_areas_fit_under_the_axis():
    lines = tuple(line(3.0, name=name, stack="A", fill=0.5) for name in "abc")
    made = figure(TimeSeries(SPAN, lines))
    low, high = made.layout.yaxis.range
    assert (low, high) == (0.0, pytest.approx(9.0, rel=0.2))
    assert high > 9
    assert {trace.stackgroup for trace in made.data} == {"y-A"}


def test_bars_are_stacked_only_with_their_own_stack():
    lines = (line(name="a", bars=True, stack="A"), line(name="b", bars=True))
    assert [trace.type for trace in figure(TimeSeries(SPAN, lines)).data] == ["bar", "bar"]
    groups = {trace.offsetgroup for trace in figure(TimeSeries(SPAN, lines)).data}
    assert len(groups) == 2


def test_thresholds_are_drawn_where_they_can_be_seen():
    thresholds = (Threshold(-math.inf, "#008800"), Threshold(2.0, "#880000"))
    made = figure(TimeSeries(SPAN, (line(1.5),), thresholds))
    (shape,) = made.layout.shapes
    assert shape.y0 == shape.y1 == 2.0
    assert made.layout.yaxis.range[1] > 2.0
    far = figure(TimeSeries(SPAN, (line(1.5),), (Threshold(500.0, "#880000"),)))
    assert far.layout.yaxis.range[1] < 10
    assert not far.layout.shapes


def test_gaps_break_a_line_and_have_no_words():
    values = np.full(TIMES.size, 1.0)
    values[10] = math.nan
    gap = Line("a", TIMES, values, "s", 1, PALETTE[0])
    (trace,) = figure(TimeSeries(SPAN, (gap,))).data
    assert trace.customdata[10] == ""
    assert trace.customdata[9] == "1.0 s"
    assert trace.connectgaps is False


def test_a_logarithmic_axis_has_decades():
    made = figure(TimeSeries(SPAN, (line(5000.0), line(2.0)), left=Axis(logarithmic=True)))
    assert made.layout.yaxis.type == "log"
    assert list(made.layout.yaxis.tickvals) == [10.0, 100.0, 1000.0]


def test_a_dial_reaches_as_far_as_its_value():
    steps = ((-math.inf, "#008800"), (0.5, "#880000"))
    ground, way, green, red = arcs(Gauge(0.5, 0.0, 1.0, "#008800", steps, "percentunit", 1))
    assert ground.colour == ""
    assert way.path.endswith("100.00 27.00")  # half of the dial is straight up
    assert (green.colour, red.colour) == ("#008800", "#880000")
    full = arcs(Gauge(7.0, 0.0, 1.0, "#880000", steps, "percentunit", 1))[1]
    assert full.path.endswith("177.00 104.00")  # and no further than its end


def test_slices_keep_their_order():
    made = pie(Pie((Slice("a", 1, "$1", "#111111"), Slice("b", 3, "$3", "#222222")), True, "$4"))
    assert list(made.data[0].labels) == ["a", "b"]
    assert made.layout.annotations[0].text == "$4"
