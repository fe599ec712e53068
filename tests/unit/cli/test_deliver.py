"""``slo deliver``, and what 'slo report' and 'slo run-due' say of deliveries."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from slo.cli import app
from slo.model.span import Week
from slo.project import deliveries as module
from slo.project import reports as made
from tests.published_report import WEEK, files_below, publish
from tests.unit.project.test_deliveries import write

TWO = """\
[[delivery]]
to = "folder"
path = "www"

[[delivery]]
name = "chat"
to = "slack"
url_env = "CHAT"
"""


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.delenv("CHAT", raising=False)
    write(tmp_path, TWO)
    publish(tmp_path / "reports", week=Week(2026, 45))
    publish(tmp_path / "reports")
    return tmp_path


@pytest.fixture
def call(shop):
    def called(*arguments):
        return CliRunner().invoke(app, [*arguments, "--config", str(shop / "slobook.toml")])

    return called


UNSET = "environment variable CHAT: found nothing, expected the secret that the configuration names"


def test_the_newest_report_goes_everywhere_and_a_failure_stops_nothing(call, shop):
    done = call("deliver")
    assert done.exit_code == 2
    copied = f"copied to {shop}/www/shop/2026-W46"
    assert done.stdout == f"shop 2026-W46 (slo) to folder: delivered. {copied}\n"
    assert done.stderr == f"shop 2026-W46 (slo) to chat: FAILED: {UNSET}\n"
    assert "shop/2026-W46/weekly-slo.html" in files_below(shop / "www")
    again = call("deliver", "--to", "folder")
    assert again.exit_code == 0
    assert again.stdout.startswith("shop 2026-W46 (slo) to folder: delivered before. 2026-")


def test_a_week_and_a_delivery_may_be_chosen(call, shop):
    done = call("deliver", "--week", "2026-W45", "--to", "folder", "--service", "shop")
    assert done.exit_code == 0
    assert {path.split("/")[1] for path in files_below(shop / "www") if "/" in path} == {"2026-W45"}


def test_again_delivers_what_is_there(call, shop):
    call("deliver", "--to", "folder")
    (shop / "www" / "shop" / "2026-W46" / "report.md").unlink()
    done = call("deliver", "--to", "folder", "--again")
    assert ": delivered. " in done.stdout
    assert (shop / "www" / "shop" / "2026-W46" / "report.md").exists()


def test_a_dry_run_leaves_nothing(call, shop):
    before = files_below(shop)
    done = call("deliver", "--dry-run")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "shop 2026-W46 (slo) to folder: to be delivered",
        "shop 2026-W46 (slo) to chat: to be delivered",
    ]
    assert files_below(shop) == before
    call("deliver")
    told = call("deliver", "--dry-run").stdout.splitlines()
    assert "delivered before" in told[0]
    assert "to be delivered. the last try failed, 2026-" in told[1]


def test_a_test_sends_no_report(call, shop):
    done = call("deliver", "--test")
    assert done.exit_code == 2
    assert done.stdout == f"folder: wrote a file into {shop}/www, and removed it\n"
    assert done.stderr == f"chat: FAILED: {UNSET}\n"
    assert files_below(shop / "www") == {}
    assert call("deliver", "--test", "--to", "folder").exit_code == 0


def test_scripts_get_json(call):
    done = call("deliver", "--json")
    assert done.exit_code == 2
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert [(one["delivery"], one["state"]) for one in told] == [
        ("folder", "delivered"),
        ("chat", "failed"),
    ]
    assert {"kind": "slo", "service": "shop", "week": "2026-W46"}.items() <= told[0].items()
    tried = json.loads(call("deliver", "--test", "--json").stdout)
    assert [one["arrived"] for one in tried] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "pager"], "there is no delivery 'pager'; there are folder, chat"),
        (["--week", "soon"], "--week: 'soon' is not an ISO week such as 2026-W45"),
        (["--week", "2026-W44"], "there is no report of 2026-W44 in "),
        (["--kind", "monthly"], "there is no report 'monthly'"),
        (["--service", "search"], "there is no report of 'search'"),
    ],
)
def test_mistakes_are_named(call, arguments, said):
    assert said in str(call("deliver", *arguments).exception)


def test_without_deliveries_nothing_is_claimed(call, shop):
    write(shop)
    done = call("deliver")
    assert done.exit_code == 2
    assert "has no [[delivery]]: nothing is delivered" in done.stderr


@pytest.fixture
def republished(shop, monkeypatch):
    """'slo report' makes the report of the week, which is there already."""
    parcel = module.parcels(module_project(shop), week=WEEK)[0]
    monkeypatch.setattr(made, "publish", lambda *_: parcel.published)
    return parcel


def module_project(root):
    from slo.project import open_project

    return open_project(root / "slobook.toml")


def test_a_report_by_hand_goes_nowhere_unless_it_is_asked_to(call, shop, republished):
    done = call("report")
    assert done.exit_code == 0
    assert not (shop / "www").exists()


def test_a_report_that_is_made_anew_is_delivered_anew_where_that_is_asked_for(
    call, shop, republished
):
    call("deliver", "--to", "folder")
    done = call("report", "--deliver")
    assert done.exit_code == 2
    assert "shop 2026-W46 (slo) to folder: delivered. copied to" in done.stdout
    assert done.stderr == f"shop 2026-W46 (slo) to chat: FAILED: {UNSET}\n"
    as_json = call("report", "--deliver", "--json")
    assert json.loads(as_json.stdout)["week"] == "2026-W46"
    assert as_json.stderr.startswith("shop 2026-W46 (slo) to chat: FAILED")


def test_a_report_that_is_to_go_nowhere_says_so(call, shop, republished):
    write(shop)
    done = call("report", "--deliver")
    assert done.exit_code == 2
    assert "has no [[delivery]]: it is taken nowhere" in done.stderr


def test_schedulers_hear_of_the_variables_of_deliveries(call):
    done = call("schedule", "cron")
    assert "# slobook.toml asks for CHAT: set it here" in done.stdout
    assert "pip install 'slobook[report]==" in call("schedule", "github-actions").stdout


def test_a_workflow_installs_what_deliveries_need(call, shop):
    store = '[[delivery]]\nto = "object-store"\nurl = "s3://bucket"\n'
    write(shop, f'[grafana]\nurl = "https://g"\n{store}[[delivery]]\nto = "grafana"\n')
    workflow = call("schedule", "github-actions").stdout
    assert "pip install 'slobook[report,delivery,grafana]==" in workflow
    assert "GRAFANA_TOKEN: ${{ secrets.GRAFANA_TOKEN }}" in workflow
