import json

import pytest

from slo.model.duration import MINUTE
from slo.model.incident import Exclusion
from slo.model.samples import History
from slo.report.objectives.result import result_of
from slo.report.objectives.weekly_slo import weekly_slo
from tests.shop import SPAN, WEEK, availability, history, incident, stretch

OUTAGE = stretch(2, 2)


@pytest.fixture(scope="module")
def report():
    past = history((OUTAGE, 0.5))
    return weekly_slo((availability(),), past, (incident(OUTAGE),), WEEK, MINUTE)


def test_numbers_are_the_reports_unrounded(report):
    result = result_of(report)
    (one,), (week,) = result["slos"], report.slos
    assert one["achieved_in_week"] == week.achieved
    assert one["budget_remaining"] == week.budget.remaining
    assert one["budget_change"] == week.change
    assert one["alerts"]["pages"] == 1
    assert (
        one["incidents"][0]["detection_seconds"] == week.outcomes[0].detection("any").delay / 1000
    )
    assert {e["alert"] for e in one["episodes"]} == {"page-1h", "ticket-1d"}
    assert result["verdict"] == report.verdict


def test_instants_are_iso_8601_and_the_window_is_the_week(report):
    result = result_of(report)
    assert result["week"] == "2026-W47"
    assert result["window"] == {"start": "2026-11-16T00:00:00Z", "end": "2026-11-23T00:00:00Z"}
    assert result["slos"][0]["incidents"][0]["start"] == "2026-11-18T00:00:00Z"


def test_it_is_strict_json(report):
    empty = weekly_slo((availability(),), history(), (), WEEK, MINUTE)
    for one in (report, empty):
        text = json.dumps(result_of(one), allow_nan=False)
        assert json.loads(text) == result_of(one)
    assert result_of(empty)["slos"][0]["alerts"]["precision"] is None


def test_an_objective_without_data_keeps_its_place():
    result = result_of(weekly_slo((availability(),), History((), SPAN), (), WEEK, MINUTE))
    (one,) = result["slos"]
    assert one["state"] == "insufficient data"
    assert "requests_total" in one["reason"]
    assert result["falls_short"] is False


def test_the_projection_the_policy_and_the_spending_are_there(report):
    (one,), (week,) = result_of(report)["slos"], report.slos
    assert one["projection"]["learnt_from_days"] == 28
    assert one["projection"]["until"] == "2026-12-14T00:00:00Z"
    assert one["projection"]["recovered"] is None
    assert one["projection"]["exhausted"]["chance"] == week.projection.exhausted.chance
    assert one["consequence"]["action"] == "Release as planned."
    assert [row["incident"] for row in one["spending"]] == ["outage", None]
    assert sum(row["bad_events"] for row in one["spending"]) == one["bad_events"]
    assert one["corrections"] is None
    assert one["alerts"]["missed"] == []
    assert one["alerts_last_week"]["precision"] is None


def test_corrections_keep_author_reason_and_the_numbers_with_them():
    drill = Exclusion("drill", OUTAGE, "kim", "rehearsed")
    past = history((OUTAGE, 0.5))
    result = result_of(weekly_slo((availability(),), past, (), WEEK, MINUTE, exclusions=[drill]))
    assert result["exclusions"] == [
        {
            "name": "drill",
            "start": "2026-11-18T00:00:00Z",
            "end": "2026-11-18T02:00:00Z",
            "author": "kim",
            "reason": "rehearsed",
            "slos": [],
        }
    ]
    (one,) = result["slos"]
    corrected = one["corrections"]
    assert [each["name"] for each in corrected["exclusions"]] == ["drill"]
    assert (
        one["total_events"] + corrected["exclusions"][0]["total_events"]
        == (corrected["uncorrected"]["total_events"])
    )
    assert one["achieved_in_week"] > corrected["uncorrected"]["achieved_in_week"]
