"""Figures as JSON that a page's script draws."""

import json
from base64 import b64decode

import numpy as np
import pytest

import slo
from slo.figures.burn_rates import computed
from slo.figures.javascript import compact, drawing
from slo.figures.theme import Figure
from tests.shop import WEEK, availability, history, incident, stretch

TEXTS = [f"2026-11-09T00:{minute:02}:00+00:00" for minute in range(60)]


def instants(trace) -> list[int]:
    held = trace["x"]
    return np.frombuffer(b64decode(held["bdata"]), dtype=held["dtype"]).astype(int).tolist()


def made(x, **trace):
    return {"data": [{"x": x, "y": [1.0] * len(x), **trace}], "layout": {"xaxis2": {"nticks": 4}}}


@pytest.mark.parametrize("ending", ["+00:00", "Z", "", ".000", ".000000+00:00"])
def test_instants_are_milliseconds_on_an_axis_of_dates(ending):
    found = compact(made([text.removesuffix("+00:00") + ending for text in TEXTS]))
    assert instants(found["data"][0]) == [1_794_182_400_000 + n * 60_000 for n in range(60)]
    assert found["layout"]["xaxis"] == {"type": "date"}


def test_the_axis_is_the_traces_own_and_keeps_what_it_says():
    found = compact(made(TEXTS, xaxis="x2"))
    assert found["layout"] == {"xaxis2": {"nticks": 4, "type": "date"}}


@pytest.mark.parametrize(
    "x", [TEXTS[:3], [*TEXTS, None], [*TEXTS, "monday"], list(range(60)), {"dtype": "f8"}]
)
def test_what_is_short_or_holds_other_things_stays_as_it_is(x):
    whole = made(x)
    assert compact(whole) == whole


def test_what_was_given_is_not_changed():
    whole = made(TEXTS)
    before = json.dumps(whole)
    compact(whole)
    assert json.dumps(whole) == before


def test_a_figure_holds_its_numbers_to_more_digits_than_it_shows():
    outage = stretch(2, 2)
    result = slo.backtest(availability(), history((outage, 0.5)), [incident(outage)])
    figure = slo.figures.burn_rates(result, WEEK.span)
    drawn = drawing(figure)
    shown = next(trace for trace in drawn["data"] if trace["name"] == "long window")
    values = np.frombuffer(b64decode(shown["customdata"]["bdata"]), shown["customdata"]["dtype"])
    exact = computed(result, WEEK.span).alerts[0].long
    assert instants(shown) == exact.times.tolist()
    np.testing.assert_allclose(values[exact.present], exact.values[exact.present], rtol=1e-7)


def test_an_empty_figure_can_be_drawn():
    assert drawing(Figure()) == {"data": [], "layout": drawing(Figure())["layout"]}
