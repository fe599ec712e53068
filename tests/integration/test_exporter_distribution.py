"""The exporter installs alone, for agents that need nothing else of slobook."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
USED = """
import sys
from pathlib import Path
import exporter, exporter.demo, exporter.endpoint.flask
from metrics_exporter import metrics, track_ticket_processing

assert Path(exporter.__file__).is_relative_to(Path.cwd()), exporter.__file__
track_ticket_processing(lambda ticket: "resolved")({"category": "billing"})
value = metrics.registry.get_sample_value(
    "support_agent_tickets_processed_total",
    {"category": "billing", "channel": "other", "outcome": "resolved"},
)
print(value, sorted({"slo", "pandas", "numba", "pyarrow"} & sys.modules.keys()))
"""


def test_it_holds_the_exporter_and_nothing_of_slo(tmp_path):
    copied, place = tmp_path / "checkout", tmp_path / "installed"
    ignored = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    shutil.copytree(ROOT / "exporter", copied / "exporter", ignore=ignored)
    shutil.copy(ROOT / "metrics_exporter.py", copied)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    install += ["--no-build-isolation", "--target", place, copied / "exporter"]
    subprocess.run(install, check=True, capture_output=True, text=True)
    assert {path.name for path in place.glob("*") if path.suffix != ".dist-info"} - {
        "__pycache__"
    } == {"exporter", "metrics_exporter.py"}
    for name in ("py.typed", "demo/prices.toml", "demo/templates"):
        assert (place / "exporter" / name).exists()
    done = subprocess.run(
        [sys.executable, "-c", USED], cwd=place, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "1.0 []"
