"""A notebook in a real kernel: published whole, or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import nbformat
import pytest

from slo.errors import ConfigError, RunError
from slo.report.published import NOTEBOOK
from slo.report.runs.runner import Limits, run_notebook

pytestmark = pytest.mark.integration

WRITE = """\
import sys
from pathlib import Path
Path(out, "answer.txt").write_text(f"{name} {sys.executable}")"""


def notebook(folder: Path, *cells: str) -> Path:
    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell('name = ""\nout = "."', metadata={"tags": ["parameters"]}),
            *map(nbformat.v4.new_code_cell, cells),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    path = folder / "made.ipynb"
    nbformat.write(made, path)
    return path


@pytest.fixture
def published(tmp_path):
    """A report that was published before."""
    folder = tmp_path / "reports" / "2026-W46"
    folder.mkdir(parents=True)
    (folder / "answer.txt").write_text("before")
    return folder


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


def test_a_run_takes_the_place_of_the_one_before(tmp_path, published, monkeypatch):
    # A kernel that somebody installed for themselves under the same name, and a long TMPDIR.
    shadow = tmp_path / "jupyter" / "kernels" / "python3"
    shadow.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "Another", "language": "python"}
    (shadow / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    (published / "stale.txt").write_text("from the run before")
    monkeypatch.setenv("SHOP_PASSWORD", "correct horse")

    leak = "import os; print(os.environ['SHOP_PASSWORD'])"
    executed = run_notebook(notebook(tmp_path, WRITE, leak), {"name": "shop"}, published)

    assert executed == published / NOTEBOOK
    assert (published / "answer.txt").read_text() == f"shop {sys.executable}"
    assert sorted(path.name for path in published.iterdir()) == ["answer.txt", NOTEBOOK]
    assert beside(published) == ["2026-W46"]
    nbformat.validate(nbformat.read(executed, as_version=4))
    assert "correct horse" not in executed.read_text()
    assert "***" in executed.read_text()


def test_a_failing_cell_publishes_nothing_and_leaves_its_log(tmp_path, published, monkeypatch):
    monkeypatch.setenv("SHOP_TOKEN", "correct horse")
    fail = "import os\nprint('so far')\nraise LookupError(os.environ['SHOP_TOKEN'])"
    with pytest.raises(RunError, match=r"made.ipynb failed: cell 4: LookupError: \*\*\*") as failed:
        run_notebook(notebook(tmp_path, WRITE, fail), {"name": "shop"}, published)
    assert (published / "answer.txt").read_text() == "before"
    assert beside(published) == ["2026-W46", "2026-W46.log"]
    assert failed.value.log == published.with_name("2026-W46.log")
    log = failed.value.log.read_text()
    assert "so far" in log
    assert "LookupError" in log
    assert "correct horse" not in log


def test_a_dead_kernel_is_a_failure(tmp_path, published):
    with pytest.raises(RunError, match="Kernel died"):
        run_notebook(notebook(tmp_path, WRITE, "import os\nos._exit(0)"), {}, published)
    assert (published / "answer.txt").read_text() == "before"


def test_a_run_has_a_deadline_for_all_cells_together(tmp_path, published):
    naps = ["from time import sleep\nsleep(1.5)"] * 8
    begin = monotonic()
    with pytest.raises(RunError, match="the run took longer than 3 s"):
        run_notebook(notebook(tmp_path, *naps), {}, published, limits=Limits(cell=5, run=3))
    assert monotonic() - begin < 11
    assert (published / "answer.txt").read_text() == "before"


def test_each_cell_has_a_limit(tmp_path, published):
    nap = "from time import sleep\nsleep(30)"
    with pytest.raises(RunError, match="a cell took longer than 2 s"):
        run_notebook(notebook(tmp_path, nap), {}, published, limits=Limits(cell=2))
    assert "Executing Cell" in published.with_name("2026-W46.log").read_text()


def test_an_unknown_parameter_is_refused_before_anything_runs(tmp_path, published):
    with pytest.raises(ConfigError, match="found the parameter 'nane', expected 'name'"):
        run_notebook(notebook(tmp_path, WRITE), {"nane": "shop"}, published)
    assert beside(published) == ["2026-W46"]


def test_two_runs_at_once_do_not_meet(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    path = notebook(tmp_path, WRITE)
    code = (
        "import sys; from pathlib import Path; from slo.report.runs.runner import run_notebook; "
        "run_notebook(Path(sys.argv[1]), {'name': sys.argv[2]}, Path(sys.argv[3]))"
    )

    def run(name: str) -> int:
        command = [sys.executable, "-c", code, str(path), name, str(tmp_path / name)]
        return subprocess.run(command, check=False, env=os.environ).returncode

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(run, ["one", "two"])) == [0, 0]
    assert (tmp_path / "one" / "answer.txt").read_text().startswith("one ")
    assert (tmp_path / "two" / "answer.txt").read_text().startswith("two ")


def test_a_notebook_may_import_what_lies_beside_it(tmp_path, published):
    (tmp_path / "beside.py").write_text("NAME = 'beside'")
    code = (
        "import beside; from pathlib import Path; Path(out, 'answer.txt').write_text(beside.NAME)"
    )
    run_notebook(notebook(tmp_path, code), {}, published)
    assert (published / "answer.txt").read_text() == "beside"


def test_a_kernel_ends_with_its_runner_also_while_a_cell_holds_on(tmp_path, published):
    """A cell that sleeps in C does not let the kernel look whether its runner is there."""
    pid = tmp_path / "pid"
    hold = (
        f"import ctypes, os; open('{pid}', 'w').write(f'{{os.getpid()}}\\n')\n"
        "ctypes.PyDLL(None).sleep(30)"
    )
    code = (
        "import sys; from pathlib import Path; from slo.report.runs.runner import run_notebook; "
        "run_notebook(Path(sys.argv[1]), {}, Path(sys.argv[2]))"
    )
    path = notebook(tmp_path, hold)
    runner = subprocess.Popen([sys.executable, "-c", code, str(path), str(published)])
    deadline = monotonic() + 60
    while not (pid.exists() and pid.read_text().endswith("\n")):
        assert monotonic() < deadline
        sleep(0.02)
    kernel = Path(f"/proc/{int(pid.read_text())}/stat")
    sleep(0.3)
    runner.kill()
    runner.wait()
    deadline = monotonic() + 5
    while kernel.exists() and kernel.read_text().rpartition(")")[2].split()[0] != "Z":
        assert monotonic() < deadline
        sleep(0.02)
