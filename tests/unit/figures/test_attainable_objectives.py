import numpy as np
import pytest

import slo
from slo.figures.attainable_objectives import computed
from slo.model.span import Span
from tests.shop import SPAN, WEEKS, availability, history, stretch


def test_each_stretch_of_seven_days_counts_alike():
    # An outage in the middle of the first week spoils every stretch that holds it.
    found = computed(availability(), history((stretch(3, 5, WEEKS[0]), 1.0)))
    assert found.stretches == 22  # 28 days hold stretches that begin on days 0 to 21
    # Those that begin on days 0, 1, 2 and 3 hold the outage: 18,000 of 604,800 requests failed.
    assert found.kept_present == pytest.approx(18 / 22)
    assert found.objectives[0] == pytest.approx(1 - 18_000 / 604_800, abs=1e-5)
    assert found.objectives[-1] == 1.0
    assert found.kept[0] == 1.0
    assert found.kept[-1] == pytest.approx(18 / 22)


def test_stricter_objectives_are_never_kept_more_often():
    outages = [
        (stretch(day, hours, week), 0.3)
        for week, day, hours in [(WEEKS[0], 1, 2), (WEEKS[1], 3, 5), (WEEKS[3], 6, 1)]
    ]
    found = computed(availability(), history(*outages))
    assert np.all(np.diff(found.kept) <= 0)
    assert np.all(np.diff(found.objectives) > 0)


def test_a_history_of_less_than_a_week_says_nothing():
    short = Span(SPAN.start, SPAN.start + 5 * 86_400_000)
    found = computed(availability(), history(span=short))
    assert found.stretches == 0
    assert np.isnan(found.kept_present)


def test_the_figure_says_that_it_is_in_sample_and_where_the_objective_stands():
    made = slo.figures.attainable_objectives(availability(), history())
    assert "in sample" in made.layout.xaxis.title.text
    assert made.layout.annotations[0].text == "specified: 99 %, kept by 100%"
    assert made.layout.shapes[0].x0 == pytest.approx(0.99)
