"""Raw samples fetched from a real Prometheus are those that were put in."""

import numpy as np
import pytest

from slo.errors import HistoryError
from slo.history.prometheus import PrometheusServer, fetch_history, server_version
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.samples import History
from slo.model.selector import Matcher, Selector
from slo.model.span import Span
from slo.promql import counter_selector
from tests.strategies import nasty_history

pytestmark = pytest.mark.integration

SELECTORS = (counter_selector("req_total"), counter_selector('req_total{code="500"}'))


@pytest.fixture(scope="module")
def past() -> History:
    return nasty_history(seed=23, days=2.0)


@pytest.fixture(scope="module")
def url(past, serve_history) -> str:
    return serve_history(past).url


@pytest.mark.parametrize("chunk", [DAY, 7 * HOUR, 97 * MINUTE])
def test_every_sample_comes_once_whatever_the_chunk(chunk, past, url):
    asked: list[tuple[int, int]] = []
    server = PrometheusServer(url, chunk=chunk)
    fetched = fetch_history(server, SELECTORS, past.span, lambda *step: asked.append(step))
    expected = past.restrict(SELECTORS)
    assert [s.labels for s in fetched.series] == [s.labels for s in expected.series]
    for got, put in zip(fetched.series, expected.series, strict=True):
        assert got.times.tolist() == put.times.tolist()
        assert got.values.view(np.int64).tolist() == put.values.view(np.int64).tolist()
    assert asked[-1][0] == asked[-1][1] == len(asked)


def test_a_span_holds_its_start_and_not_its_end(past, url):
    first = past.select(SELECTORS[0])[0]
    span = Span(int(first.times[100]), int(first.times[200]))
    fetched = fetch_history(PrometheusServer(url), SELECTORS[:1], span)
    got = next(s for s in fetched.series if s.labels == first.labels)
    assert got.times.tolist() == first.times[100:200].tolist()


def test_series_of_one_target_share_their_times(past, url):
    fetched = fetch_history(PrometheusServer(url), SELECTORS, past.span)
    targets = {dict(s.labels)["pod"] for s in fetched.series}
    assert len({id(s.times) for s in fetched.series}) == len(targets)


def test_the_version_travels_with_the_history(past, url):
    version = server_version(PrometheusServer(url))
    assert version.startswith("2.")
    assert fetch_history(PrometheusServer(url), (), past.span).server_version == version


def test_a_selector_without_series_is_empty(past, url):
    fetched = fetch_history(PrometheusServer(url), [counter_selector("nothing")], past.span)
    assert fetched.series == ()


def test_what_prometheus_refuses_is_told_in_its_words(past, url):
    # Go's expressions have no lookahead.
    broken = Selector((*SELECTORS[0].matchers, Matcher("code", "=~", "(?=5)")))
    with pytest.raises(HistoryError, match="refused the query.*invalid"):
        fetch_history(PrometheusServer(url), [broken], past.span)
