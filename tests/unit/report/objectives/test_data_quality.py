import numpy as np
import pytest

from slo.errors import NotEnoughData
from slo.model.duration import DAY, MINUTE
from slo.model.indicator import RawRatio
from slo.model.samples import History, series_of
from slo.promql import gauge_selector
from slo.report.objectives.data_quality import data_quality
from tests.shop import SPAN, WEEK, availability, history, stretch


def test_a_whole_week():
    found = data_quality(availability(), history(), WEEK.span)
    assert (found.coverage, found.gaps, found.longest_gap, found.resets) == (1.0, (), 0, 0)
    assert found.series == 2
    assert found.samples == 2 * 7 * 24 * 60


def test_gaps_are_what_lies_beyond_the_lookback():
    long, short = stretch(1, 2), stretch(3, 0.05)
    found = data_quality(availability(), history(gaps=(long, short)), WEEK.span)
    (gap,) = found.gaps
    assert gap.start == long.start + 5 * MINUTE
    assert gap.end == long.end
    assert found.longest_gap == 115 * MINUTE
    assert found.coverage == pytest.approx(1 - 115 * MINUTE / (7 * DAY))


def test_resets_of_the_week_are_counted():
    past = history()
    ok, failed = past.series
    before, during = stretch(-2, 0).start, stretch(1, 0).start
    values = ok.values.copy()
    for at in (before, during):
        values[ok.times >= at] -= values[np.searchsorted(ok.times, at)]
    reset = series_of(dict(ok.labels), ok.times, values)
    found = data_quality(availability(), History((reset, failed), SPAN), WEEK.span)
    assert found.resets == 1


def test_a_gauge_may_fall():
    times = np.arange(SPAN.start, SPAN.end, MINUTE)
    gauge = series_of({"__name__": "share"}, times, times % 7)
    from dataclasses import replace

    slo = replace(availability(), indicator=RawRatio("bad", gauge_selector("share")[0]))
    assert data_quality(slo, History((gauge,), SPAN), WEEK.span).resets == 0


def test_series_of_other_weeks_do_not_count():
    ok, failed = history().series
    early = ok.times < WEEK.span.start
    old = series_of(dict(failed.labels), failed.times[early], failed.values[early])
    assert data_quality(availability(), History((ok, old), SPAN), WEEK.span).series == 1


def test_without_the_metric_there_is_nothing_to_say():
    with pytest.raises(NotEnoughData):
        data_quality(availability(), History((), SPAN), WEEK.span)
