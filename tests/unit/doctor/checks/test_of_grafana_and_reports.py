"""Checks of what people look at: datasource, dashboards, reports, deliveries."""

import json

import pytest

from slo.delivery.delivery import Delivery
from slo.delivery.record import Entry, write_record
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
from tests.published_report import publish


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
    young = reports(tmp_path / "none", WANTED, LAST.span.end + 2 * DAY, "no whole week yet")
    assert (young.state, young.found) == ("not checked", "no whole week yet")
    assert reports(folder, WANTED, LAST.span.end + 2 * DAY, "no whole week yet").state == "broken"


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


WAYS = (Delivery("mail", None), Delivery("slack", None, when="falls short"))


def delivered(reports, *, falls_short=False, **states):
    """A report, and the record of its deliveries."""
    parcel = publish(reports, falls_short=falls_short)
    entries = {name: Entry(state, "2026-11-23T06:17:40Z") for name, state in states.items()}
    if entries:
        write_record(parcel.folder, entries)
    return [parcel]


@pytest.mark.parametrize(
    ("states", "state", "detail"),
    [
        ({"mail": "delivered", "slack": "delivered"}, "fine", None),
        ({"mail": "delivered", "slack": "failed"}, "broken", "to slack: failed"),
        (
            {"mail": "begun", "slack": "delivered"},
            "attention",
            "to mail: begun at 2026-11-23T06:17:40Z, and nobody knows whether it arrived",
        ),
        ({"mail": "delivered"}, "attention", "to slack: not sent yet"),
        ({"slack": "delivered", "old": "failed"}, "attention", "to mail: not sent yet"),
    ],
)
def test_deliveries(states, state, detail, tmp_path):
    found = deliveries(delivered(tmp_path, falls_short=True, **states), WAYS)
    assert found.state == state
    assert found.details == ((f"shop 2026-W46 (slo) {detail}",) if detail else ())


def test_a_way_that_does_not_want_a_report_is_not_waited_for(tmp_path):
    found = deliveries(delivered(tmp_path, mail="delivered"), WAYS)
    assert (found.state, found.found) == (
        "fine",
        "1 of 1 delivery of the newest reports arrived",
    )


def test_a_record_that_nobody_can_read(tmp_path):
    (parcel,) = delivered(tmp_path)
    parcel.folder.with_name("2026-W46.deliveries.json").write_text('["?"]')
    found = deliveries([parcel], WAYS)
    assert found.state == "broken"
    assert "it is no record of deliveries" in found.details[0]


def test_without_reports_there_is_nothing_to_deliver():
    assert deliveries((), WAYS).state == "not checked"
