"""``slo alerts`` and ``slo runbooks``, as somebody reads them."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slo.cli import app
from slo.errors import ConfigError
from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.model.duration import DAY, HOUR, MINUTE
from slo.simulate import PlannedIncident, Scenario
from slo.simulate.agent import simulate
from tests.catalogue import SPECS

START = 1_790_553_600_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two days with a backlog that is labelled, and a project of the catalogue."""
    here = tmp_path_factory.mktemp("project")
    planned = PlannedIncident("queue-backlog", DAY + 10 * HOUR, 3 * HOUR, 0.95)
    made = simulate(Scenario(START, 2 * DAY, scrape_interval=MINUTE, incidents=(planned,)))
    (here / "history").mkdir()
    write_snapshot(made.history, here / "history" / "snapshot.parquet")
    write_incidents(made.incidents, here / "history" / "incidents.csv")
    shutil.copytree("slo/catalog/ai_support", here / "specs")
    (here / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    return here


def run(folder: Path, *arguments: str):
    return CliRunner().invoke(app, [*arguments, "--config", str(folder / "slobook.toml")])


def test_alerts_are_held_against_the_incidents_of_their_signal(folder):
    done = run(folder, "alerts", "queue-depth-critical", "memory-near-limit", "--json")
    assert done.exit_code == 0, done.output
    found = {one["alert"]: one for one in json.loads(done.stdout)["alerts"]}
    assert [i["incident"]["name"] for i in found["queue-depth-critical"]["incidents"]] == [
        "queue-backlog-1"
    ]
    assert len(found["queue-depth-critical"]["episodes"]) == 1
    assert found["queue-depth-critical"]["false_episodes"] == []
    # No incident is about memory: there is nothing to be seen.
    assert found["memory-near-limit"]["incidents"] == []
    assert found["memory-near-limit"]["episodes"] == []


def test_the_table_names_every_alert_and_what_nobody_saw(folder):
    done = run(folder, "alerts")
    # None is broken in two where a file is written.
    assert [one.name for one in SPECS.alerts if f" {one.name} " not in done.output] == []
    assert "1 of 1" in done.output
    told = {line.split()[0]: line for line in done.output.splitlines() if " at " in line}
    # Whether a service is up is looked at as it stands; errors are counted over a window.
    assert " page at < 1 for 2m " in told["service-down"]
    assert " page at > 0.05 over 5m for 2m " in told["error-rate-critical"]
    assert "missed" not in done.output
    assert done.exit_code == 0, done.output


def test_an_incident_that_no_alert_saw_is_told_by_the_exit_code(folder):
    labels = folder / "others.csv"
    labels.write_text(
        "id,service,slo,start,end,kind,source,notes\n"
        "full,support-agent,disk,2026-09-29T01:00:00Z,2026-09-29T02:00:00Z,disk,me,\n"
    )
    done = run(folder, "alerts", "disk-nearly-full", "--incidents", str(labels))
    assert done.exit_code == 1, done.output
    assert "missed: full" in done.output


def test_alerts_that_are_not_there_are_named_with_those_that_are(folder):
    done = run(folder, "alerts", "nonsense")
    assert isinstance(done.exception, ConfigError)
    assert "there is no alert on a threshold 'nonsense'; the project's are" in str(done.exception)


def test_runbooks_that_are_missing_are_begun_and_others_left_alone(folder):
    runbooks = folder / "runbooks"
    shutil.copytree("slo/catalog/ai_support/runbooks", runbooks)
    (runbooks / "disk.md").unlink()
    (runbooks / "memory.md").write_text("mine\n")
    missing = run(folder, "runbooks", str(runbooks), "--check")
    assert missing.exit_code == 1
    assert missing.output == f"{runbooks / 'disk.md'} is missing\n"
    assert run(folder, "runbooks", str(runbooks)).exit_code == 0
    assert (runbooks / "disk.md").read_text().startswith("# Disk\n")
    assert (runbooks / "memory.md").read_text() == "mine\n"
    assert run(folder, "runbooks", str(runbooks), "--check").exit_code == 0
