from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.errors import HistoryError
from slo.model.samples import STALE_BITS, History, series_of
from slo.model.span import Span
from slo.simulate.openmetrics import _instants, _numbers, write_openmetrics

SPAN = Span(0, 10_000)


def written(tmp_path, *series):
    path = tmp_path / "history.om"
    write_openmetrics(History(series, SPAN), path)
    return path.read_text(encoding="utf-8")


def read_as_prometheus_does(text):
    """model/textparse/openmetricsparse.go: ``int64(float64(text) * 1000)``."""
    return int(float(text) * 1000)


def test_families_stand_together_with_their_kind_and_meaning(tmp_path):
    series = [
        series_of({"__name__": "up", "job": "a"}, [1000, 2500], [1, 0]),
        series_of({"__name__": "d_sum"}, [1000], [0.25]),
        series_of({"__name__": "d_bucket", "le": "+Inf"}, [1000], [2]),
        series_of({"__name__": "d_count"}, [1000], [2]),
        series_of({"__name__": "other_count"}, [1000], [-0.0]),
        series_of({"__name__": "errors_total", "code": "500"}, [1000, 2000], [3, 1e21]),
        series_of({"__name__": "errors_total", "code": "200"}, [1000], [7]),
    ]
    assert written(tmp_path, *series) == (
        "# TYPE d histogram\n"
        'd_bucket{le="+Inf"} 2 1.000\n'
        "d_count 2 1.000\n"
        "d_sum 0.25 1.000\n"
        "# TYPE errors counter\n"
        'errors_total{code="200"} 7 1.000\n'
        'errors_total{code="500"} 3.0 1.000\n'
        'errors_total{code="500"} 1e+21 2.000\n'
        "# TYPE other_count unknown\n"
        "other_count -0.0 1.000\n"
        "# TYPE up gauge\n"
        "# HELP up 1 where a scrape succeeded, 0 where it failed.\n"
        'up{job="a"} 1 1.000\n'
        'up{job="a"} 0 2.500\n'
        "# EOF\n"
    )


def test_it_is_told_how_far_the_text_is(tmp_path):
    series = [
        series_of({"__name__": f"m_{name}"}, np.arange(size) * 1000, np.zeros(size))
        for name, size in (("a", 5000), ("b", 3000))
    ]
    seen = []
    history = History(tuple(series), SPAN)
    write_openmetrics(history, tmp_path / "history.om", lambda *done: seen.append(done))
    assert seen == sorted(seen)
    assert seen[-1] == (8000, 8000)
    assert (5000, 8000) in seen


def test_a_history_of_nothing_is_a_valid_text(tmp_path):
    assert written(tmp_path) == "# EOF\n"
    assert written(tmp_path, series_of({"__name__": "m_total"}, [], [])) == (
        "# TYPE m counter\n# EOF\n"
    )


def test_label_values_are_escaped(tmp_path):
    text = written(tmp_path, series_of({"__name__": "m", "a": 'x"\\\n'}, [0], [1]))
    assert 'm{a="x\\"\\\\\\n"} 1 0.000\n' in text


def test_staleness_markers_are_left_out_and_other_values_named(tmp_path):
    values = np.array([1.0, 0.0, np.nan, np.inf, -np.inf])
    values[1:2] = np.array([STALE_BITS], dtype=np.uint64).view(np.float64)
    text = written(tmp_path, series_of({"__name__": "m"}, [1, 2, 3, 4, 5], values))
    assert [line.split()[1] for line in text.splitlines()[1:-1]] == ["1.0", "nan", "inf", "-inf"]
    assert [line.split()[2][:5] for line in text.splitlines()[1:-1]] == [
        "0.001",
        "0.003",
        "0.004",
        "0.005",
    ]


def test_long_series_are_whole(tmp_path):
    times = np.arange(5000) * 1000
    text = written(tmp_path, series_of({"__name__": "m"}, times, times))
    samples = [line.split() for line in text.splitlines()[1:-1]]
    assert [int(value) for _, value, _ in samples] == times.tolist()
    assert [read_as_prometheus_does(time) for *_, time in samples] == times.tolist()


def test_a_series_without_a_name_is_refused_and_nothing_is_written(tmp_path):
    path = tmp_path / "history.om"
    with pytest.raises(HistoryError, match='{a="b"}: found no metric name'):
        write_openmetrics(History((series_of({"a": "b"}, [0], [1]),), SPAN), path)
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.integers(0, 2**43), min_size=1, max_size=50))
def test_prometheus_reads_the_milliseconds_back(times):
    texts = _instants(np.array(times, dtype=np.int64))
    assert [read_as_prometheus_does(text) for text in texts] == times


def test_some_milliseconds_of_2004_need_a_digit_more():
    texts = _instants(np.arange(1_080_000_000_000, 1_080_000_001_000))
    longer = [text for text in texts if len(text) > len(" 1080000000.000\n")]
    assert 0 < len(longer) < 1000
    assert all(text.endswith("5\n") for text in longer)


@given(st.lists(st.floats(allow_nan=False), max_size=20))
def test_numbers_read_back_as_the_same_floats(values):
    array = np.array(values, dtype=np.float64)
    again = np.array([float(repr(number)) for number in _numbers(array).tolist()])
    assert again.view(np.uint64).tolist() == array.view(np.uint64).tolist()
