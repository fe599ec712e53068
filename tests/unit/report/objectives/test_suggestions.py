"""Suggestions as scripts and people read them."""

import json
from dataclasses import replace

import pytest

from slo.model.duration import HOUR, MINUTE
from slo.report.objectives.page import page
from slo.report.objectives.result import result_of
from slo.report.objectives.suggestions import Figure, SuggestedChange, Unchanged
from slo.report.objectives.weekly_slo import weekly_slo
from slo.tune.bootstrap import UNKNOWN, Interval
from tests.parsed_page import Page
from tests.shop import WEEK, availability, history, incident, stretch

OUTAGE = stretch(2, 2)
NAN = float("nan")
HOSTILE = '</code><script>alert("1")</script>'

CHANGE = SuggestedChange(
    title="See incidents of availability sooner",
    evidence="In weeks that had not chosen them they were seen sooner.",
    present="page at 14.4x over 1h/5m",
    suggested="page at 6x over 1h/5m",
    kind="alerts",
    objective="availability",
    command="slo tune shop/availability --diff",
    save="slo tune shop/availability --write",
    changes=("change page-1h: burn rate 14.4 to 6",),
    figures=(
        Figure("Incidents seen", "share", 0.5, 1.0, Interval(0.2, 0.8), Interval(0.6, 1.0)),
        Figure("Pages", "a week", 0.25, 0.5, Interval(0.0, 1.0), Interval(0.1, 1.25)),
        Figure("Detection, median", "milliseconds", 2 * HOUR, 6 * MINUTE, UNKNOWN, UNKNOWN),
        Figure("Bad events that a period allows", "events", 12345.0, NAN, UNKNOWN, UNKNOWN),
    ),
    notes=(HOSTILE,),
)
KEPT = Unchanged("other", "Other things", ("The alerts are kept.", "99 % can be promised."))


@pytest.fixture(scope="module")
def report():
    past = history((OUTAGE, 0.5))
    made = weekly_slo((availability(),), past, (incident(OUTAGE),), WEEK, MINUTE)
    return replace(made, suggestions=(CHANGE,), unchanged=(KEPT,))


def test_figures_are_told_with_their_intervals():
    assert [(one.before, one.after) for one in CHANGE.figures] == [
        ("50.0 % (20.0 % to 80.0 %)", "100.0 % (60.0 % to 100.0 %)"),
        ("0.25 (0.00 to 1.00)", "0.50 (0.10 to 1.25)"),
        ("2h", "6m"),
        ("12,345", "–"),  # noqa: RUF001  an en dash stands where there is no number
    ]


def test_result_json_holds_them_unrounded(report):
    result = result_of(report)
    (one,) = result["suggestions"]
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert (one["kind"], one["objective"]) == ("alerts", "availability")
    assert one["figures"][0] == {
        "what": "Incidents seen",
        "unit": "share",
        "present": 0.5,
        "present_interval": [0.2, 0.8],
        "suggested": 1.0,
        "suggested_interval": [0.6, 1.0],
    }
    detection = one["figures"][2]
    assert (detection["unit"], detection["present"], detection["suggested"]) == (
        "seconds",
        7200.0,
        360.0,
    )
    assert detection["present_interval"] is None
    assert one["figures"][3]["suggested"] is None
    assert one["command"] == "slo tune shop/availability --diff"
    assert result["unchanged"] == [
        {"objective": "other", "reasons": ["The alerts are kept.", "99 % can be promised."]}
    ]


def test_the_page_tells_each_with_evidence_figures_and_commands(report):
    html = page(report)
    parsed = Page(html)
    assert parsed.crooked == []
    assert parsed.open == []
    assert HOSTILE not in html
    ((_, attributes, _),) = parsed.of("article", id="suggestion-1")
    assert (attributes["data-objective"], attributes["data-kind"]) == ("availability", "alerts")
    texts = {element[2].strip() for element in parsed.elements}
    assert {CHANGE.title, CHANGE.evidence, CHANGE.present, CHANGE.suggested} <= texts
    assert {CHANGE.command, CHANGE.save, *CHANGE.changes} <= texts
    assert {"50.0 % (20.0 % to 80.0 %)", "100.0 % (60.0 % to 100.0 %)"} <= texts
    assert {"Other things", "The alerts are kept. 99 % can be promised."} <= texts
    assert "No change is suggested" not in html


def test_a_week_that_gives_no_reason_says_so(report):
    html = page(replace(report, suggestions=()))
    assert "No change is suggested" in html
    assert "Other things" in html


def test_a_report_that_was_not_asked_for_suggestions_does_not_mention_them(report):
    html = page(replace(report, suggestions=(), unchanged=()))
    assert "Suggested changes" not in html
