"""Which weeks are due, and which reports count as there."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.errors import ConfigError
from slo.model.duration import DAY, HOUR, WEEK
from slo.model.span import Span, Week
from slo.report.kinds import RESULT, WEEKLY_SLO, kind_named
from slo.report.published import NOTEBOOK, Making, making_of, read_published
from slo.report.runs.due import due_in
from tests.stand_in_report import result

MONDAY = Week(2026, 47).span.start
ALWAYS = Span(0, 10 * MONDAY)


def weeks(reports, count, history=ALWAYS, now=MONDAY):
    found = due_in(reports, [(WEEKLY_SLO, "shop")], count, history=history, now=now)
    return [(str(one.week), bool(one.missing)) for one in found]


def publish(folder, week, **changed):
    folder.mkdir(parents=True)
    (folder / WEEKLY_SLO.page).write_text("a page")
    (folder / RESULT).write_text(json.dumps({**result(week), **changed}))


def test_a_week_is_due_from_the_instant_it_closes(tmp_path):
    assert weeks(tmp_path, 1, now=MONDAY) == [("2026-W46", False)]
    assert weeks(tmp_path, 1, now=MONDAY - 1) == [("2026-W45", False)]


def test_missed_weeks_are_due_the_oldest_first_also_over_a_new_year(tmp_path):
    begin = Week(2027, 2).span.start
    expected = ["2026-W52", "2026-W53", "2027-W01"]
    assert weeks(tmp_path, 3, now=begin) == [(week, False) for week in expected]


def test_weeks_before_the_history_are_nobodys_fault(tmp_path):
    history = Span(MONDAY - WEEK - 3 * DAY, MONDAY + DAY)
    assert weeks(tmp_path, 4, history) == [("2026-W45", False), ("2026-W46", False)]


def test_closed_weeks_that_the_history_does_not_reach_are_missing(tmp_path):
    history = Span(0, MONDAY - WEEK - HOUR)
    assert weeks(tmp_path, 2, history) == [
        ("2026-W43", False),
        ("2026-W44", False),
        ("2026-W45", True),
        ("2026-W46", True),
    ]


@given(st.integers(1, 30), st.integers(0, 40 * 7 * 24), st.integers(0, 40 * 7 * 24))
def test_every_closed_week_of_the_history_is_due_once(tmp_path_factory, count, back, length):
    end = MONDAY - back * HOUR
    history = Span(end - length * HOUR, end)
    found = weeks(tmp_path_factory.getbasetemp(), count, history)
    able = [week for week, missing in found if not missing]
    spans = [Week.parse(week).span for week in able]
    assert [week for week, _ in found] == sorted({week for week, _ in found})
    assert all(span.end <= end and span.end > history.start for span in spans)
    assert len(able) <= count
    closed = max(0, -(-(end - (end - MONDAY) % WEEK - history.start) // WEEK))
    assert len(able) == min(count, closed)


def test_services_and_reports_are_due_each(tmp_path):
    other = replace(WEEKLY_SLO, name="other", subfolder="other")
    wanted = [(kind, service) for kind in (WEEKLY_SLO, other) for service in ("a", "b")]
    found = due_in(tmp_path, wanted, 2, history=ALWAYS, now=MONDAY)
    assert len(found) == 8
    assert len({one.folder for one in found}) == len(found)


def only(reports):
    (one,) = due_in(reports, [(WEEKLY_SLO, "shop")], 1, history=ALWAYS, now=MONDAY)
    return one


def test_a_report_counts_when_it_is_whole_and_tells_of_the_whole_week(tmp_path):
    one = only(tmp_path)
    assert one.published is None
    publish(one.folder, one.week)
    assert one.published.verdict == "All kept."


@pytest.mark.parametrize("until", ["2026-11-14T00:00:00Z", None, "soon"])
def test_a_report_that_was_made_before_its_week_ended_is_due_again(tmp_path, until):
    one = only(tmp_path)
    publish(one.folder, one.week, until=until)
    assert one.published is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"verdict": "All kept."}'])
def test_what_is_no_result_is_no_report(tmp_path, text):
    one = only(tmp_path)
    publish(one.folder, one.week)
    (one.folder / RESULT).write_text(text)
    assert read_published(one.folder, WEEKLY_SLO) is None


def test_a_result_without_its_page_is_no_report(tmp_path):
    one = only(tmp_path)
    publish(one.folder, one.week)
    (one.folder / WEEKLY_SLO.page).unlink()
    assert read_published(one.folder, WEEKLY_SLO) is None


def test_an_unknown_report_is_named():
    assert kind_named("slo") is WEEKLY_SLO
    with pytest.raises(ConfigError, match="no report 'weakly'; there are slo"):
        kind_named("weakly")


def test_a_notebook_remembers_when_it_was_made(tmp_path):
    assert making_of(tmp_path) is None
    told = {"end_time": "1970-01-01T00:01:00.500000+00:00", "duration": 12.5}
    (tmp_path / NOTEBOOK).write_text(json.dumps({"metadata": {"papermill": told}}))
    assert making_of(tmp_path) == Making(60.5, 12.5)
    (tmp_path / NOTEBOOK).write_text('{"metadata": {"papermill": {"end_time": null}}}')
    assert making_of(tmp_path) is None
