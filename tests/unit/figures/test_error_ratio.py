import numpy as np
import pytest

import slo
from slo.errors import NotEnoughData
from slo.figures.error_ratio import computed
from slo.model.duration import HOUR, MINUTE
from slo.model.samples import History
from tests.shop import SPAN, WEEK, availability, history, stretch

OUTAGE = stretch(2, 3)


def test_the_ratio_is_the_engines():
    found = computed(availability(), history((OUTAGE, 0.5)), HOUR, WEEK.span)
    at = np.arange(WEEK.span.start, WEEK.span.end, MINUTE)
    np.testing.assert_array_equal(found.ratios.times, at)
    inside = (at > OUTAGE.start + HOUR) & (at < OUTAGE.end)
    np.testing.assert_allclose(found.ratios.values[inside], 0.5)


def test_thresholds_are_the_budget_and_those_of_alerts_that_use_the_window():
    found = computed(availability(), history(), HOUR)
    assert [(t.name, round(t.ratio, 12)) for t in found.thresholds] == [
        ("error budget", 0.01),
        ("page-1h", 0.144),
    ]
    assert [t.name for t in computed(availability(), history(), 30 * MINUTE).thresholds] == [
        "error budget"
    ]


def test_the_figure_labels_its_thresholds():
    made = slo.figures.error_ratio(availability(), history((OUTAGE, 0.5)), "1h")
    assert [note.text for note in made.layout.annotations] == [
        "error budget 1.000%",
        "page-1h 14.400%",
    ]
    assert [shape.y0 for shape in made.layout.shapes] == pytest.approx([0.01, 0.144])
    assert made.data[0].name == "over 1h"


def test_a_window_is_a_prometheus_duration():
    with pytest.raises(ValueError, match="not a Prometheus duration"):
        slo.figures.error_ratio(availability(), history(), "an hour")


def test_without_the_metric_there_is_no_figure():
    with pytest.raises(NotEnoughData):
        slo.figures.error_ratio(availability(), History((), SPAN))
