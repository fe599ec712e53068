"""Shells ask the command for the names of a project, and are answered at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLO = "import sys; sys.argv[0] = 'slo'; from slo.cli import main; main()"
HEAVY = ("numpy", "pandas", "slo.spec.wire", "pyarrow", "numba", "scipy", "plotly", "promql_parser")
pytestmark = pytest.mark.integration


def completed(line: str, folder: Path, shell: str = "bash", code: str = SLO):
    asked = {
        "_SLO_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("slo back", "backtest"),
        ("slo backtest --js", "--json"),
        ("slo backtest tick", "ticket-success"),
        ("slo alerts queue-depth-w", "queue-depth-warning"),
        ("slo report --service sup", "support-agent"),
        ("slo annotate episodes tick", "ticket-success"),
    ],
)
def test_verbs_options_and_names_are_completed(shell, line, name):
    done = completed(line, ROOT, shell)
    assert name in done.stdout
    assert done.stderr == ""


def test_a_project_elsewhere_is_asked_for_its_names(tmp_path):
    line = f"slo tune --config {ROOT}/slobook.toml tick"
    assert completed(line, tmp_path).stdout.split() == ["ticket-success"]


def test_outside_of_a_project_nothing_is_said(tmp_path):
    done = completed("slo backtest tick", tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_nothing_is_loaded_but_what_reads_names():
    tell = f"finally:\n print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    done = completed(
        "slo backtest tick", ROOT, code=f"try:\n {SLO.replace('; ', chr(10) + ' ')}\n{tell}"
    )
    assert "ticket-success" in done.stdout
    assert done.stderr.strip() == "[]"
