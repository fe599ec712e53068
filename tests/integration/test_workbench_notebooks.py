"""The workbench's notebooks as papermill runs them: a real kernel, and nobody to move sliders."""

from pathlib import Path

import numpy as np
import papermill
import pytest
from traitlets.config import Config

from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.model.samples import History, series_of
from tests.shop import SPAN, WEEKS, history, incident, stretch
from tests.unit.workbench.conftest import SPEC
from tests.unit.workbench.test_threshold import SPEC as QUEUE

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
OUTAGES = [stretch(day, 1, week) for week in WEEKS for day in (1, 4)]
RUNS = {
    "design_slo": {"name": "availability"},
    "tune_alerts": {},
    "tune_thresholds": {"name": "queue"},
    "explore_incident": {"name": "availability"},
}
pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    root = tmp_path_factory.mktemp("shop")
    (root / "history").mkdir()
    (root / "shop.yaml").write_text(SPEC + "---\n" + QUEUE)
    (root / "slobook.toml").write_text(
        '[project]\nspecs = ["shop.yaml"]\n[history]\nsnapshot = "history/shop.parquet"\n'
    )
    requests = history(*((one, 0.4) for one in OUTAGES))
    times = requests.series[0].times
    depth = np.full(times.size, 10.0)
    for one in OUTAGES:
        depth[(times >= one.start) & (times < one.end)] = 90.0
    queue = series_of({"__name__": "queue_depth"}, times, depth)
    write_snapshot(History((*requests.series, queue), SPAN), root / "history" / "shop.parquet")
    labelled = [incident(one, f"outage-{number}") for number, one in enumerate(OUTAGES)]
    write_incidents(labelled, root / "history" / "incidents.csv")
    return root / "slobook.toml"


@pytest.mark.parametrize("name", RUNS)
def test_it_runs_and_shows_plain_figures(name, config, tmp_path):
    before = (config.parent / "shop.yaml").read_text()
    done = papermill.execute_notebook(
        NOTEBOOKS / f"{name}.ipynb",
        tmp_path / "done.ipynb",
        {"config": str(config), "interactive": False, **RUNS[name]},
        kernel_name="python3",
        progress_bar=False,
        execution_timeout=120,
        config=Config({"KernelManager": {"transport": "ipc", "ip": f"{tmp_path}/s"}}),
    )
    outputs = [one for cell in done.cells for one in cell.get("outputs", ())]
    kinds = {kind for one in outputs for kind in one.get("data", {})}
    assert "application/vnd.plotly.v1+json" in kinds
    assert "application/vnd.jupyter.widget-view+json" not in kinds
    assert [one for one in outputs if one.output_type == "error"] == []
    assert (tmp_path / "done.ipynb").stat().st_size < 2_000_000
    assert (config.parent / "shop.yaml").read_text() == before
