"""``%load_ext slo`` in a real kernel: boxes, tables, names, progress; papermill still fails."""

from __future__ import annotations

import os
from contextlib import contextmanager

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from slo.errors import RunError
from slo.report.runs.runner import run_notebook

pytestmark = [
    pytest.mark.integration,
    # ipykernel warns of loopback sockets, and its clients of loops that they leave.
    pytest.mark.filterwarnings("ignore"),
]

SPEC = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec:
  service: shop
  indicator:
    metadata: {name: availability}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'errors_total{job="<shop>"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'requests_total{job="<shop>"}'}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: TARGET}]
"""
SERVICE = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: shop}\n---\n"


@pytest.fixture
def project(tmp_path):
    """A project of one objective, whose second copy has two faults."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "bad").mkdir()
    for folder, target in (("specs", "0.99"), ("bad", "0.99, extra: 1, more: 2")):
        path = tmp_path / folder / "shop.yaml"
        path.write_text(SERVICE + SPEC.replace("TARGET", target))
        text = f'[project]\nspecs = ["{folder}"]\n'
        (tmp_path / f"{folder}.toml").write_text(text)
    return tmp_path


def executed(folder, *cells: str):
    made = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, cells)])
    client = NotebookClient(
        made, timeout=120, kernel_name="python3", allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    return [cell.outputs for cell in client.execute().cells]


@contextmanager
def kernel(folder):
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def said(client, code: str, *, asking: bool):
    """The messages of a cell, of somebody who takes questions or not."""
    found = []
    reply = client.execute_interactive(
        code, allow_stdin=asking, timeout=120, output_hook=found.append, stdin_hook=lambda _: None
    )
    return reply["content"], [one for one in found if one["msg_type"] != "status"]


LOAD = "%load_ext slo\nimport slo"
FAIL = 'hidden = "correct horse"\nslo.open_project("bad.toml").slos'


def test_a_specification_with_faults_is_one_box(project):
    _, (box, error) = executed(project, LOAD, FAIL)
    assert box.output_type == "display_data"
    html, text = box.data["text/html"], box.data["text/plain"]
    for shown in (html, text):
        assert "SpecError" in shown
        assert "2 faults in" in shown
        assert "shop.yaml" in shown
        assert "spec.objectives[0].more" in shown
        assert "spec.objectives[0].extra" in shown
        assert "What to do" in shown
        assert "correct horse" not in html.split("<details>")[0] + text
    assert html.count("<tr>") == 3
    assert html.count('scope="col"') == 4
    assert '<th scope="row" class="number">19</th>' in html
    assert "open_project" in html.split("<details>")[1]
    assert "IPython/core" not in html
    assert "Traceback" not in text
    assert (error.output_type, error.ename) == ("error", "SpecError")
    assert "spec.objectives[0].more" in error.evalue


def test_the_traceback_shows_no_values(project):
    code = (
        "def asked(password):\n    slo.open_project('bad.toml').slos\nasked('correct' + ' horse')"
    )
    _, (box, error) = executed(project, LOAD, code)
    assert "in asked" in box.data["text/html"]
    assert "correct horse" not in str(box) + str(error)


def test_who_sits_at_it_sees_the_message_once(project):
    with kernel(project) as client:
        said(client, LOAD, asking=True)
        reply, (_, box, error) = said(client, FAIL, asking=True)
    assert reply["status"] == "error"
    assert reply["ename"] == "SpecError"
    assert "text/html" in box["content"]["data"]
    assert error["content"]["traceback"] == ["SpecError: see the box above"]


def test_papermill_fails_with_the_message(project):
    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell('out = "."', metadata={"tags": ["parameters"]}),
            *map(nbformat.v4.new_code_cell, (LOAD, FAIL)),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    nbformat.write(made, project / "made.ipynb")
    with pytest.raises(RunError, match=r"cell 4: SpecError: .*shop.yaml:19") as failed:
        run_notebook(project / "made.ipynb", {}, project / "reports" / "now")
    assert not (project / "reports" / "now").exists()
    log = failed.value.log.read_text()
    assert "spec.objectives[0].extra" in log
    assert "What to do: Mend the lines" in log


def test_nbclient_fails_with_the_message(project):
    cells = [nbformat.v4.new_code_cell(code) for code in (LOAD, FAIL)]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells), resources={"metadata": {"path": str(project)}}
    )
    with pytest.raises(CellExecutionError, match="SpecError"):
        client.execute()


def test_other_errors_are_ipythons(project):
    *_, (error,) = executed(project, LOAD, "1 / 0")
    assert error.output_type == "error"
    assert error.ename == "ZeroDivisionError"
    assert any("1 / 0" in line or "----" in line for line in error.traceback)


def test_loading_twice_and_unloading_leave_the_shell_as_it_was(project):
    before = "ip = get_ipython()\nfound = ip.custom_exceptions, len(ip.Completer.custom_matchers)"
    after = (
        "then = ip.custom_exceptions, len(ip.Completer.custom_matchers)\nassert then == found, then"
    )
    outputs = executed(
        project, before, LOAD, "%load_ext slo", "%reload_ext slo", "%unload_ext slo",
        "%unload_ext slo", after, "import slo", FAIL, "(1, 2)", LOAD, FAIL,
    )  # fmt: skip
    # IPython itself says that an extension is there already, or not loaded.
    assert outputs[6] == []
    assert [one.output_type for one in outputs[8]] == ["error"]
    assert outputs[9][0].data["text/plain"] == "(1, 2)"
    assert [one.output_type for one in outputs[11]] == ["display_data", "error"]


def test_objectives_and_lists_of_them_show_as_tables(project):
    opened = f"{LOAD}\nproject = slo.open_project('specs.toml')"
    _, (whole,), (one,), (several,), (nested,) = executed(
        project, opened, "project", "project['availability']", "project.slos", "[project.slos[0]]"
    )
    assert "1 service, 1 objective" in whole.data["text/html"]
    assert "99 % over 30d rolling" in one.data["text/plain"]
    assert "page-1h" in one.data["text/plain"]
    assert several.data["text/html"].count("<tr>") == 2
    assert several.data["text/plain"].splitlines()[0] == "1 objective"
    assert nested.data["text/plain"] == "[<Slo availability of shop>]"
    for shown in (whole, one, several):
        assert len(shown.data["text/plain"]) < 1500


def test_a_project_that_cannot_be_read_shows_why(project):
    _, (shown,) = executed(project, LOAD, "slo.open_project('bad.toml')")
    # The path above is as long as a test's folder, and lines are broken.
    assert "cannot be used" in " ".join(shown.data["text/plain"].split())
    assert "spec.objectives[0].more" in shown.data["text/html"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('project["', "availability"),
        ('project.tune_service("', "shop"),
        ('report = project.weekly_slo(week="2026-W45", service="s', "shop"),
        ("slo.figures.burn_", "burn_down"),
        ("slo.back", "backtest"),
    ],
)
def test_names_are_completed(project, code, expected):
    with kernel(project) as client:
        said(client, f"{LOAD}\nproject = slo.open_project('specs.toml')", asking=False)
        reply = client.complete(code, len(code), reply=True, timeout=60)["content"]
    assert any(expected in match for match in reply["matches"])


LONG = """\
from slo.progress import progress_here
with progress_here()("Fetching") as advance:
    for done in range(5):
        advance(done, 4)"""


def test_progress_is_a_bar_for_people_and_lines_for_logs(project):
    with kernel(project) as client:
        _, people = said(client, LONG, asking=True)
        _, log = said(client, LONG, asking=False)
    shown = [m for m in people if m["msg_type"] == "display_data"]
    assert "application/vnd.jupyter.widget-view+json" in shown[0]["content"]["data"]
    lines = "".join(m["content"]["text"] for m in log if m["msg_type"] == "stream").splitlines()
    assert lines == [f"Fetching: {share} %" for share in (0, 25, 50, 75, 100)]


def test_a_script_is_left_alone(project):
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", LONG], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout + done.stderr == ""
