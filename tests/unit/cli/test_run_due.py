"""``slo run-due``: what it says, and which exit code says what."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from slo.cli import app
from slo.delivery.delivering import Outcome as Delivered
from slo.delivery.parcel import Parcel
from slo.errors import ConfigError
from slo.project import deliveries, reports
from slo.report.runs import pushgateway, run_due
from slo.report.runs.run_due import Outcome
from tests import stand_in_report as stand_in


@pytest.fixture
def due(tmp_path):
    return stand_in.due(tmp_path / "reports", weeks=2)


@pytest.fixture
def call(tmp_path, monkeypatch, due):
    """Run the command where attempts end as told."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    monkeypatch.setattr(reports, "due_reports", lambda *_: due)

    def called(states, *options):
        def made(_due, _command, effort, tell, _secrets):
            called.effort = effort
            found = [
                Outcome(one, state, f"detail of {state}", 3.4)
                for one, state in zip(due, states, strict=True)
            ]
            for one in found:
                tell(one)
            return tuple(found)

        monkeypatch.setattr(run_due, "run_due", made)
        arguments = ["run-due", "--config", str(tmp_path / "slobook.toml"), *options]
        return CliRunner().invoke(app, arguments)

    return called


THERE = ("up to date", "made", "made", "up to date")


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (THERE, 0),
        (("up to date",) * 4, 0),
        (("up to date", "made", "under way", "made"), 75),
        (("failed", "made", "under way", "made"), 2),
        (("failed",) * 4, 2),
    ],
)
def test_the_exit_code_says_whether_every_report_is_there(call, states, code):
    assert call(states).exit_code == code


def test_each_report_has_a_line(call):
    done = call(("up to date", "made", "under way", "failed"))
    assert done.stdout.splitlines()[:3] == [
        "checkout 2026-W46 (slo): up to date. detail of up to date",
        "search 2026-W46 (slo): made in 3 s. detail of made",
        "checkout 2026-W47 (slo): under way. detail of under way",
    ]
    assert done.stdout.splitlines()[3].startswith("1 up to date, 1 made, 1 under way, 1 failed.")
    assert done.stderr == "search 2026-W47 (slo): FAILED: detail of failed\n"


def test_cron_hears_of_failures_only(call):
    assert call(THERE, "--quiet").output == ""
    done = call(("up to date", "made", "under way", "failed"), "--quiet")
    assert done.stdout == ""
    assert done.stderr == "search 2026-W47 (slo): FAILED: detail of failed\n"


def test_scripts_get_json(call):
    done = call(("up to date", "made", "under way", "failed"), "--json")
    told = json.loads(done.stdout)
    assert [one["state"] for one in told] == ["up to date", "made", "under way", "failed"]
    assert told[0]["kind"] == "slo"
    assert told[0]["service"] == "checkout"
    assert told[0]["week"] == "2026-W46"


def test_waits_grow_with_each_retry(call):
    call(THERE, "--retries", "3", "--at-once", "5")
    assert list(call.effort.waits) == [15, 30, 60]
    assert call.effort.at_once == 5


def test_an_unknown_report_is_refused(call):
    done = call(THERE, "--kind", "monthly")
    assert "no report 'monthly'" in str(done.exception)


def test_metrics_are_written_where_they_are_wanted(call, tmp_path):
    path = tmp_path / "slobook.prom"
    call(THERE, "--metrics-file", str(path))
    assert 'slobook_report_missing{kind="slo",service="search"} 2' in path.read_text()


def test_metrics_that_cannot_be_left_are_told_and_take_nothing_away(call, tmp_path):
    file = str(tmp_path / "no" / "file")
    done = call(THERE, "--pushgateway", "http://127.0.0.1:9", "--metrics-file", file)
    assert done.exit_code == 2
    of_file, of_gateway = done.stderr.splitlines()
    assert of_file.startswith(f"metrics: {file}")
    assert of_gateway == (
        "metrics: the Pushgateway http://127.0.0.1:9 cannot be reached: Connection refused"
    )
    assert done.stdout.splitlines()[-1].startswith("2 up to date, 2 made")


def test_a_wrong_address_of_a_pushgateway_is_refused_before_anything_is_made(call):
    done = call(THERE, "--pushgateway", "pushgateway:9091")
    assert isinstance(done.exception, ConfigError)
    assert not hasattr(call, "effort")


def test_the_pushgateway_is_told_the_folders_name_or_another(call, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(pushgateway, "push", lambda _outcomes, _now, to: told.append(to.project))
    monkeypatch.setenv("SLOBOOK_PUSHGATEWAY", "http://127.0.0.1:9")
    assert call(THERE).exit_code == 0
    monkeypatch.setenv("SLOBOOK_PUSHGATEWAY_PROJECT", "shop in staging")
    assert call(THERE).exit_code == 0
    assert told == [tmp_path.name, "shop in staging"]


@pytest.fixture
def delivered(monkeypatch, tmp_path, due):
    """Have deliveries of the first report end as told."""
    (tmp_path / "slobook.toml").write_text(
        '[project]\nspecs = []\n[[delivery]]\nto = "folder"\npath = "www"\n'
    )
    parcel = Parcel(tmp_path / "reports", due[0].kind, due[0].service, due[0].week, None)

    def ended(states):
        found = [Delivered(parcel, name, state, f"why {state}") for name, state in states.items()]

        def deliver_due(_project, _due, _terms, tell):
            for one in found:
                if one.state != "delivered before":
                    tell(one)
            return tuple(found)

        monkeypatch.setattr(deliveries, "deliver_due", deliver_due)

    return ended


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ({"mail": "delivered"}, 0),
        ({"mail": "delivered before"}, 0),
        ({"mail": "delivered", "chat": "under way"}, 75),
        ({"mail": "failed", "chat": "under way"}, 2),
    ],
)
def test_a_report_that_is_not_delivered_is_told_by_the_exit_code(call, delivered, states, code):
    delivered(states)
    assert call(THERE).exit_code == code
    assert call(THERE, "--no-deliver").exit_code == 0


def test_deliveries_are_told_after_reports(call, delivered, tmp_path):
    states = {"mail": "delivered", "chat": "failed", "www": "delivered before"}
    delivered(states)
    done = call(THERE)
    assert done.stdout.splitlines()[4:] == [
        "checkout 2026-W46 (slo) to mail: delivered. why delivered",
        "2 up to date, 2 made. 1 delivered. 1 not delivered. Open "
        f"{tmp_path / 'reports' / 'index.html'}",
    ]
    assert done.stderr == "checkout 2026-W46 (slo) to chat: FAILED: why failed\n"
    quiet = call(THERE, "--quiet")
    assert (quiet.stdout, quiet.stderr) == ("", done.stderr)
    told = json.loads(call(THERE, "--json").stdout)
    assert [one["state"] for one in told[0]["deliveries"]] == list(states.values())
    assert told[1]["deliveries"] == []
