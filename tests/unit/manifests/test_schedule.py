"""What makes schedulers call the command, read as each of them reads it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from slo.cli import app
from slo.manifests.schedule import SCHEDULERS, Schedule
from slo.manifests.settings import ManifestSettings

FILE = Path("/srv/it's 100 % $HOME/slobook.toml")
CALL = ["/opt/slo book/bin/slo", "run-due", "--quiet", "--config", str(FILE)]


@pytest.fixture
def awkward():
    secrets = ("PROMETHEUS_TOKEN",)
    return Schedule(Path(CALL[0]), FILE, Path("reports"), secrets, ManifestSettings())


def only(schedule, name):
    (file,) = SCHEDULERS[name](schedule)
    return file


def test_a_crontab_has_a_line_that_a_shell_reads_as_the_command(awkward):
    lines = [line for line in only(awkward, "cron").text.splitlines() if not line.startswith("#")]
    (line,) = lines
    match = re.fullmatch(r"(\d+) (\d+) \* \* \* (.+)", line)
    assert 0 <= int(match[1]) < 60
    assert 0 <= int(match[2]) < 24
    # crontab(5): a percent sign ends the command unless it is escaped.
    assert re.search(r"(?<!\\)%", match[3]) is None
    said = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f"for word in {match[3].replace(chr(92) + '%', '%')}; do echo $word; done",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.splitlines() == CALL
    assert "PROMETHEUS_TOKEN" in only(awkward, "cron").text


def test_github_runs_it_in_a_workflow_that_keeps_reports(awkward):
    file = only(awkward, "github-actions")
    assert file.path == ".github/workflows/slobook-reports.yml"
    tree = YAML(typ="safe", pure=True).load(file.text)
    assert set(tree) == {"name", "on", "permissions", "concurrency", "jobs"}
    (entry,) = tree["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", entry["cron"])
    steps = tree["jobs"]["run-due"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    (call,) = [step for step in steps if "run-due" in step.get("run", "")]
    assert shlex.split(call["run"]) == ["slo", "run-due", "--config", "slobook.toml"]
    assert call["env"] == {"PROMETHEUS_TOKEN": "${{ secrets.PROMETHEUS_TOKEN }}"}
    kept = [step for step in steps if step.get("with", {}).get("path") == "reports"]
    assert [step["uses"].partition("@")[0] for step in kept] == [
        "actions/cache/restore",
        "actions/cache/save",
        "actions/upload-artifact",
    ]
    assert [step.get("if") for step in kept] == [None, "always()", "always()"]


@pytest.mark.integration
def test_githubs_own_schema_of_workflows_takes_it(awkward, tmp_path):
    """By the schema that check-jsonschema holds, without a network."""
    check = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema"]
    path = tmp_path / "workflow.yml"

    def checked(text):
        path.write_text(text)
        command = [*check, "vendor.github-workflows", path]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    text = only(awkward, "github-actions").text
    done = checked(text)
    assert done.returncode == 0, done.stdout + done.stderr
    refused = checked(text.replace("runs-on", "runs-at"))
    assert refused.returncode == 1
    assert "runs-at" in refused.stdout


@pytest.mark.parametrize("version", [2, 3])
def test_airflow_gets_a_dag_of_one_task(awkward, version, monkeypatch):
    """With stand-ins for Airflow, which take what its documentation lists."""
    made = {}

    class DAG:
        def __init__(
            self, *, dag_id, schedule, start_date, catchup, max_active_runs, dagrun_timeout, tags
        ):
            made["dag"] = (dag_id, schedule, start_date.tzinfo, catchup, max_active_runs)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    def operator(*, task_id, bash_command, append_env, retries, retry_delay, skip_on_exit_code):
        made["task"] = (task_id, bash_command, skip_on_exit_code)

    names = ("airflow", "airflow.providers", "airflow.providers.standard")
    names += ("airflow.providers.standard.operators", "airflow.providers.standard.operators.bash")
    modules = {name: ModuleType(name) for name in (*names, "airflow.sdk")}
    modules["airflow.providers.standard.operators.bash"].BashOperator = operator
    modules["airflow.sdk" if version == 3 else "airflow"].DAG = DAG
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    file = only(awkward, "airflow")
    exec(compile(file.text, file.path, "exec"), {})  # noqa: S102  our own
    dag_id, cron, zone, catchup, at_once = made["dag"]
    assert (dag_id, catchup, at_once) == ("slobook_reports", False, 1)
    assert zone is not None
    assert re.fullmatch(r"\d+ \d+ \* \* \*", cron)
    assert shlex.split(made["task"][1]) == CALL
    assert made["task"][2] == [75]


def test_kubernetes_gets_what_is_generated(awkward):
    from slo.manifests.cron_jobs import cron_jobs

    assert only(awkward, "kubernetes") == cron_jobs(ManifestSettings())


def test_systemd_gets_a_service_and_a_timer_that_makes_up_for_what_was_missed(awkward):
    service, timer = SCHEDULERS["systemd"](awkward)
    assert [service.path, timer.path] == ["slobook-reports.service", "slobook-reports.timer"]
    assert "Persistent=true" in timer.text
    assert "SuccessExitStatus=75" in service.text
    assert (
        'ExecStart="/opt/slo book/bin/slo" run-due --quiet --config '
        '"/srv/it\'s 100 %% $$HOME/slobook.toml"\n'
    ) in service.text


@pytest.fixture
def project(tmp_path):
    specs = tmp_path / "specs"
    specs.mkdir()
    (tmp_path / "slobook.toml").write_text(
        '[project]\nspecs = ["specs"]\nreports = "out/weekly"\n'
        '[prometheus]\nurl = "http://127.0.0.1:9"\ntoken_env = "SHOP_TOKEN"\n'
    )
    return tmp_path / "slobook.toml"


@pytest.mark.parametrize("name", SCHEDULERS)
def test_the_command_prints_each_piece(project, name):
    done = CliRunner().invoke(app, ["schedule", name, "--config", str(project)])
    assert done.exit_code == 0, done.output
    assert "run-due" in done.output
    assert ("SHOP_TOKEN" in done.output) == (name != "kubernetes")
    assert ("path: out/weekly" in done.output) == (name == "github-actions")


def test_the_command_writes_files_where_it_is_told(project, tmp_path):
    into = tmp_path / "units"
    arguments = ["schedule", "systemd", "--config", str(project), "--into", str(into)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in into.iterdir())
    assert names == ["slobook-reports.service", "slobook-reports.timer"]
    assert str(into / "slobook-reports.timer") in done.output


def test_an_unknown_scheduler_is_refused_with_those_that_are_known(project):
    done = CliRunner().invoke(app, ["schedule", "at", "--config", str(project)])
    assert done.exit_code == 2
    assert "github-actions" in done.output
