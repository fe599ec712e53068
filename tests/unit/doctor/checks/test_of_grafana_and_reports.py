"""Checks of what people look at: datasource, dashboards, reports, deliveries."""

import json

import pytest

from slo.doctor.checks.dashboards import dashboards
from slo.doctor.checks.datasource import datasource
from slo.doctor.checks.deliveries import deliveries
from slo.doctor.checks.reports import newest_week, reports
from slo.model.duration import DAY, HOUR
from slo.model.span import Week
from slo.plan import Change, Plan
from slo.report.kinds import WEEKLY_SLO
from slo.targets.grafana.datasources import Datasource
from tests import stand_in_report as stand_in


def test_a_data_source_is_told_with_its_grafana():
    found = datasource({"http://grafana.test": Datasource("prom", "prometheus", "EU")})
    assert found.details == ("http://grafana.test: prom (prometheus, 'EU')",)


def planned(*kinds):
    changes = [Change(f"dashboards/{kind}", kind, "{}", "{}") for kind in kinds]
    return Plan(tuple(changes), 9, "http://grafana.test")


@pytest.mark.parametrize(
    ("plans", "state", "to_do"),
    [
        ({"": planned()}, "fine", ""),
        ({"": planned("create", "drift")}, "broken", "slo plan, then slo apply"),
        ({"": planned("update")}, "attention", "slo plan, then slo apply"),
        ({"": planned("drift")}, "attention", "slo pull to keep the changes, or slo apply"),
        ({"": planned("blocked")}, "attention", "slo plan, then slo apply"),
        (
            {"test": planned(), "production": planned("create")},
            "broken",
            "slo plan --env production, then slo apply --env production",
        ),
    ],
)
def test_dashboards(plans, state, to_do):
    found = dashboards(plans)
    assert found.state == state
    assert found.to_do.startswith(to_do)
    if "production" in plans:
        assert found.details == ("production: create dashboards/create",)


LAST = Week(2026, 47)
WANTED = [(WEEKLY_SLO, "checkout"), (WEEKLY_SLO, "search")]


def written(folder, *weeks):
    for week in weeks:
        for kind, service in WANTED:
            place = kind.folder(folder, service, week)
            place.mkdir(parents=True)
            for name in stand_in.FILES:
                (place / name).write_text(json.dumps(stand_in.result(week)))
    return folder


def test_reports_of_the_last_week_are_fresh(tmp_path):
    found = reports(written(tmp_path, LAST), WANTED, LAST.span.end + 3 * DAY)
    assert (found.state, found.found) == ("fine", "all 2 reports of 2026-W47 are there")


def test_on_monday_the_report_may_still_be_made(tmp_path):
    folder = written(tmp_path, LAST.previous)
    assert reports(folder, WANTED, LAST.span.end + 8 * HOUR).state == "fine"
    tuesday = reports(folder, WANTED, LAST.span.end + 25 * HOUR)
    assert (tuesday.state, tuesday.details[0]) == (
        "attention",
        "checkout (slo): the newest is of 2026-W46",
    )


def test_weeks_of_silence_are_broken(tmp_path):
    folder = written(tmp_path, LAST.previous.previous)
    assert reports(folder, WANTED, LAST.span.end + 2 * DAY).state == "broken"
    none = reports(tmp_path / "none", WANTED, LAST.span.end + 2 * DAY)
    assert (none.state, none.details) == (
        "broken",
        ("checkout (slo): none yet", "search (slo): none yet"),
    )
    assert reports(tmp_path, [], 0).state == "not checked"


def test_a_report_of_half_a_week_is_none(tmp_path):
    place = WEEKLY_SLO.folder(tmp_path, "checkout", LAST)
    stand_in.report_early(place)
    assert newest_week(tmp_path, WEEKLY_SLO, "checkout", LAST.span.end + 1) is None


def test_an_attempt_that_failed_is_named_and_one_under_way_is_not(tmp_path):
    folder = written(tmp_path, LAST)
    (folder / "search" / ".2026-W47.log").write_text("under way")
    now = LAST.span.end + 3 * DAY
    assert reports(folder, WANTED, now).state == "fine"
    (folder / "search" / "2026-W47.log").write_text("HistoryError")
    found = reports(folder, WANTED, now)
    assert found.state == "attention"
    assert found.details == (f"the last attempt failed: {folder / 'search' / '2026-W47.log'}",)


def delivered(folder, **states):
    entries = {
        name: {"state": state, "at": "2026-11-23T06:17:40Z"} for name, state in states.items()
    }
    folder.with_name(f"{folder.name}.deliveries.json").write_text(json.dumps(entries))
    return {"shop 2026-W47 (slo)": folder}


@pytest.mark.parametrize(
    ("states", "state", "detail"),
    [
        ({"mail": "delivered", "slack": "delivered"}, "fine", None),
        ({"mail": "delivered", "slack": "failed"}, "broken", "to slack: failed"),
        ({"mail": "begun"}, "attention", "to mail: begun at 2026-11-23T06:17:40Z"),
    ],
)
def test_deliveries(states, state, detail, tmp_path):
    found = deliveries(delivered(tmp_path / "2026-W47", **states))
    assert found.state == state
    assert found.details == ((f"shop 2026-W47 (slo) {detail}",) if detail else ())


def test_deliveries_that_nobody_wants_and_records_that_nobody_can_read(tmp_path):
    assert deliveries({}).found == "there is no report yet"
    newest = {"shop 2026-W47 (slo)": tmp_path / "2026-W47"}
    assert deliveries(newest).state == "not checked"
    (tmp_path / "2026-W47.deliveries.json").write_text('["?"]')
    assert deliveries(newest).state == "broken"
