import numpy as np
import pytest

from slo.errors import HistoryError, RunError
from slo.history.snapshot import write_snapshot
from slo.model.duration import HOUR, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.preview.reading import read_dashboard
from slo.preview.sources import SnapshotSource
from slo.preview.time_range import time_range
from tests.preview_dashboards import shop, write


def test_a_missing_prometheus_is_named_with_how_to_install_it(tmp_path, monkeypatch):
    times = np.arange(0, 6 * HOUR, MINUTE)
    series = series_of({"__name__": "requests_total", "code": "200"}, times, times / 1000)
    write_snapshot(History((series,), Span(0, 6 * HOUR)), tmp_path / "shop.parquet")
    source = SnapshotSource(tmp_path / "shop.parquet", ())
    shown = time_range("now-1h", "now", source.now())
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(RunError, match="apt-get install prometheus"),
        source.answering(read_dashboard(write(tmp_path, shop())), shown),
    ):
        pass


def test_a_missing_snapshot_is_named(tmp_path):
    with pytest.raises(HistoryError, match=r"none\.parquet"):
        SnapshotSource(tmp_path / "none.parquet", ()).now()
