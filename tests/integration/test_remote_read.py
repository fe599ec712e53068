"""Remote read and the HTTP API of a real Prometheus give the same bits."""

import numpy as np
import pytest

from slo.history.prometheus import PrometheusServer, fetch_history
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.samples import is_stale
from slo.model.selector import METRIC_NAME, Matcher, Selector
from slo.model.span import Span
from slo.promql import counter_selector
from slo.simulate.local_prometheus import backfill, serve
from tests.integration.conftest import openmetrics, receiving, serving
from tests.strategies import nasty_history, scattered_markers, wild_history

pytestmark = pytest.mark.integration

EVERYTHING = Selector((Matcher(METRIC_NAME, "=~", ".+"),))


def assert_same(ours, theirs):
    assert [one.labels for one in ours.series] == [one.labels for one in theirs.series]
    for one, other in zip(ours.series, theirs.series, strict=True):
        assert one.times.tolist() == other.times.tolist()
        assert one.values.view(np.int64).tolist() == other.values.view(np.int64).tolist()


def both(url, selectors, span, chunk=DAY):
    return [
        fetch_history(PrometheusServer(url, read=read, chunk=chunk), selectors, span)
        for read in ("remote", "http")
    ]


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    past = nasty_history(seed=23, days=2.0)
    with serving(past, tmp_path_factory.mktemp("nasty")) as server:
        yield past, server.url


@pytest.mark.parametrize("chunk", [DAY, 97 * MINUTE])
def test_both_ways_give_what_was_put_in(nasty, chunk):
    past, url = nasty
    remote, http = both(url, [EVERYTHING], past.span, chunk)
    assert_same(remote, http)
    assert_same(remote, past)
    assert remote.source.endswith("by remote read")
    assert http.source.endswith("by the HTTP API")


def test_both_ways_cut_at_the_same_millisecond(nasty):
    past, url = nasty
    first = past.select(counter_selector("req_total"))[0]
    for begin, end in ((100, 200), (101, 102)):
        span = Span(int(first.times[begin]), int(first.times[end]))
        remote, http = both(url, [counter_selector("req_total")], span)
        assert_same(remote, http)
        assert remote.sample_count > 0


@pytest.mark.parametrize(
    "selector",
    [
        'req_total{code=~"5.."}',
        'req_total{code!="200",pod!~"p[01]"}',
        'req_total{nothing=""}',
        "no",
    ],
)
def test_both_ways_select_the_same_series(nasty, selector):
    past, url = nasty
    remote, http = both(url, [counter_selector(selector)], past.span)
    assert_same(remote, http)


def test_remote_read_is_taken_where_it_is_served(nasty):
    past, url = nasty
    found = fetch_history(PrometheusServer(url), [counter_selector("req_total")], past.span)
    assert found.source.endswith("by remote read")


def test_wild_samples_are_the_same(tmp_path):
    past = wild_history(3, days=0.5)
    with serving(past, tmp_path) as server:
        remote, http = both(server.url, [EVERYTHING], past.span, chunk=5 * HOUR)
    assert_same(remote, http)


def test_staleness_markers_come_by_remote_read_alone(tmp_path):
    past = scattered_markers(3)
    # Samples that were sent moments ago lie in the head, whose chunks are still being written.
    with receiving(past, tmp_path) as server:
        remote, http = both(server.url, [EVERYTHING], past.span)
    assert_same(remote, past)
    markers = 0
    for one, other in zip(remote.series, http.series, strict=True):
        stale = is_stale(one.values)
        markers += int(stale.sum())
        assert one.times[~stale].tolist() == other.times.tolist()
        assert one.values[~stale].tolist() == other.values.tolist()
    assert markers > 10


def test_external_labels_do_not_become_the_series_own(tmp_path):
    past = nasty_history(seed=5, days=0.2)
    text = tmp_path / "history.om"
    text.write_text(openmetrics(past))
    backfill(text, tmp_path / "storage")
    settings = "global:\n  external_labels: {cluster: eu, pod: outside}\n"
    with serve(tmp_path / "storage", settings=settings) as url:
        remote, http = both(url, [EVERYTHING], past.span)
    assert_same(remote, http)
    assert_same(remote, past)
