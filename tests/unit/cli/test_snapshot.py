"""``slo snapshot``: a young Prometheus, and one that forgets sooner than it is asked for."""

import sys

import numpy as np
import pytest

from slo import cli
from slo.history import prometheus
from slo.history.snapshot import read_snapshot
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.project import open_project
from tests.unit.cli.test_backtest import SPEC

NOW = 1_790_000_000_000 // DAY * DAY


def remembered(length: int, span: Span) -> History:
    """What a server answers that has scraped a shop for so many milliseconds."""
    times = np.arange(span.end - length, span.end, MINUTE, dtype=np.int64)
    total = np.arange(times.size) * 60.0
    series = [
        series_of({"__name__": "requests_total", "code": code}, times, share * total)
        for code, share in (("200", 0.999), ("500", 0.001))
    ]
    return History(tuple(series), span, "2.42.0", "a test")


@pytest.fixture
def fetched(tmp_path, monkeypatch, capsys):
    """Take a snapshot of a server that remembers so much; what the command says."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(SPEC)
    (tmp_path / "slobook.toml").write_text(
        '[project]\nspecs = ["specs"]\n[prometheus]\nurl = "http://127.0.0.1:9"\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("slo.project.sources.time", lambda: NOW / 1000)

    def snapshot(length: int) -> str:
        answer = lambda _server, _selectors, span, *_: remembered(length, span)  # noqa: E731
        monkeypatch.setattr(prometheus, "fetch_history", answer)
        monkeypatch.setattr(sys, "argv", ["slo", "snapshot"])
        with pytest.raises(SystemExit) as left:
            cli.main()
        assert left.value.code in (0, None)
        return capsys.readouterr().out

    return snapshot


def test_a_snapshot_begins_where_prometheus_begins_to_remember(fetched, tmp_path):
    said = fetched(38 * MINUTE)
    assert "remembers 38m of the 42d that were asked for" in said
    kept = read_snapshot(tmp_path / "history" / "snapshot.parquet")
    assert kept.span == Span(NOW - 38 * MINUTE, NOW)


def test_weeks_that_nobody_saw_promise_nothing(fetched, tmp_path):
    fetched(38 * MINUTE)
    project = open_project(tmp_path / "slobook.toml")
    one = project["availability"]
    assert project.outlook(one, project.history()).whole_periods == 0


def test_a_history_that_is_read_at_once_begins_there_too(fetched, tmp_path):
    fetched(15 * DAY)
    (tmp_path / "history" / "snapshot.parquet").unlink()
    project = open_project(tmp_path / "slobook.toml")
    assert project.history().span == Span(NOW - 15 * DAY, NOW)


def test_a_server_that_remembers_enough_is_not_remarked_on(fetched, tmp_path):
    assert "asked for" not in fetched(42 * DAY - HOUR // 2)
    kept = read_snapshot(tmp_path / "history" / "snapshot.parquet", ())
    assert kept.span == Span(NOW - 42 * DAY, NOW)
