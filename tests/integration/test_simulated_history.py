"""What the simulation writes, a real Prometheus remembers: in text and snapshot alike."""

from __future__ import annotations

import json
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import numpy as np
import pytest

from slo.errors import RunError
from slo.history.snapshot import read_snapshot, write_snapshot
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span, Week
from slo.simulate import Gap, PlannedIncident, Scenario
from slo.simulate.agent import simulate
from slo.simulate.local_prometheus import backfill, serve
from slo.simulate.openmetrics import write_openmetrics

pytestmark = pytest.mark.integration

SCENARIO = Scenario(
    start=Week(2026, 41).span.start,
    length=2 * DAY,
    surges=(Span(8 * HOUR, 20 * HOUR), Span(32 * HOUR, 44 * HOUR)),
    deployments=(10 * HOUR,),
    incidents=(
        PlannedIncident("provider-outage", 12 * HOUR, HOUR, 0.4),
        PlannedIncident("bad-deployment", 30 * HOUR, 30 * MINUTE, 0.1),
        PlannedIncident("queue-backlog", 36 * HOUR, HOUR, 0.9),
    ),
    gaps=(Gap(20 * HOUR, 40 * MINUTE, pod=1), Gap(40 * HOUR, 4 * MINUTE)),
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    path = tmp_path_factory.mktemp("simulated") / "history.parquet"
    write_snapshot(simulate(SCENARIO).history, path)
    return path


@pytest.fixture(scope="module")
def url(snapshot):
    text, storage = snapshot.with_name("history.om"), snapshot.with_name("storage")
    write_openmetrics(read_snapshot(snapshot), text)
    backfill(text, storage)
    with serve(storage) as address:
        yield address


def remembered(url, metric, span):
    """Every raw sample of a metric, by its labels."""
    # The range of 2.x is closed at both ends; no sample lies on the end itself.
    query = urlencode({"query": f"{metric}[{span.length}ms]", "time": span.end / 1000})
    with build_opener(ProxyHandler({})).open(f"{url}/api/v1/query?{query}", timeout=60) as answer:
        result = json.load(answer)["data"]["result"]
    return [
        series_of(
            one["metric"],
            [round(time * 1000) for time, _ in one["values"]],
            [float(value) for _, value in one["values"]],
        )
        for one in result
    ]


def test_prometheus_remembers_the_snapshot_to_the_bit(url, snapshot):
    history = read_snapshot(snapshot)
    metrics = sorted({series.metric for series in history.series})
    found = History(
        tuple(series for metric in metrics for series in remembered(url, metric, history.span)),
        history.span,
    )
    assert len(history.series) > 300
    assert [series.labels for series in found.series] == [s.labels for s in history.series]
    for stored, written in zip(found.series, history.series, strict=True):
        assert np.array_equal(stored.times, written.times), str(written)
        assert np.array_equal(stored.values.view(np.uint64), written.values.view(np.uint64)), str(
            written
        )


def test_unusual_samples_come_back_as_well(tmp_path):
    """Times that need a digit more, names of no known kind, numbers far out, labels to escape."""
    start = 1_080_000_000_000
    times = start + np.arange(0, 60_000, 37)
    rng = np.random.default_rng(3)
    wide = rng.integers(0, 2**63, times.size, dtype=np.uint64).view(np.float64)
    values = np.where(np.isfinite(wide), wide, -0.0)
    history = History(
        (
            series_of(
                {"__name__": "odd", "text": 'a "quoted" \\ line\nbreak \u00e4'}, times, values
            ),
            series_of({"__name__": "far_total"}, times[:3], [np.inf, -np.inf, 2.0**70]),
        ),
        Span(start, start + 60_000),
    )
    text = tmp_path / "odd.om"
    write_openmetrics(history, text)
    backfill(text, tmp_path / "storage")
    with serve(tmp_path / "storage") as address:
        found = [
            series
            for metric in ("far_total", "odd")
            for series in remembered(address, metric, history.span)
        ]
    assert [series.labels for series in found] == [series.labels for series in history.series]
    for stored, written in zip(found, history.series, strict=True):
        assert stored.times.tolist() == written.times.tolist()
        assert stored.values.tobytes() == written.values.tobytes()


def test_what_promtool_refuses_is_told(tmp_path):
    text = tmp_path / "broken.om"
    text.write_text("m 1 1\n")
    with pytest.raises(RunError, match=r"promtool tsdb create-blocks-from failed: .*EOF"):
        backfill(text, tmp_path / "storage")


def test_a_server_that_cannot_start_says_why(tmp_path):
    rules = tmp_path / "rules.yml"
    rules.write_text("groups: 1\n")
    with pytest.raises(RunError, match="cannot unmarshal"), serve(tmp_path, (rules,)):
        pytest.fail("it must not start")
