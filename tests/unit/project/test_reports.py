"""Which history a week's report is made of, and how far it may reach."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import time

import pytest

from slo.errors import ConfigError, HistoryError, NotEnoughData
from slo.history import prometheus
from slo.history.snapshot import write_snapshot
from slo.model.duration import DAY, WEEK
from slo.model.samples import History
from slo.model.span import Span, Week
from slo.project import open_project
from slo.project.reports import due_reports, history_for_week, publish, reach
from slo.project.sources import Sources
from slo.report.kinds import WEEKLY_SLO
from slo.spec import Specs
from tests.agent_costs import BUDGETS
from tests.shop import SPAN, STEP, WEEKS, availability, history, stretch

PROMETHEUS = '[prometheus]\nurl = "http://127.0.0.1:9"\n'


@pytest.fixture
def asked(monkeypatch):
    """What Prometheus is asked for, instead of asking it."""
    asked = []

    def fetch(_, *slos, days, end=None, advance=None):
        asked.append((days, end))
        return history(span=Span(end - days * DAY, end))

    monkeypatch.setattr(Sources, "fetch", fetch)
    return asked


def project(folder, more=""):
    (folder / "slobook.toml").write_text(f'[project]\nspecs = ["specs"]\n{more}')
    return open_project(folder / "slobook.toml")


def test_a_missed_week_is_made_of_what_was_known_when_it_ended(tmp_path, asked):
    week = Week.last_closed(int(time() * 1000)).previous.previous
    history_for_week(project(tmp_path, PROMETHEUS), [availability()], str(week))
    assert asked == [(42, week.span.end)]


def test_without_a_week_it_is_the_last_closed_one(tmp_path, asked):
    history_for_week(project(tmp_path, PROMETHEUS), [availability()], "")
    assert asked == [(42, Week.last_closed(int(time() * 1000)).span.end)]


def test_a_week_that_has_begun_is_asked_for_up_to_now(tmp_path, asked):
    now = int(time() * 1000)
    history_for_week(project(tmp_path, PROMETHEUS), [availability()], str(Week.of(now)))
    ((_, end),) = asked
    assert now <= end < now + 60_000


def test_a_week_of_the_future_is_refused(tmp_path, asked):
    with pytest.raises(NotEnoughData, match="holds nothing of week 2199-W01"):
        history_for_week(project(tmp_path, PROMETHEUS), [availability()], "2199-W01")
    assert asked == []


@pytest.mark.parametrize("weeks_ago", [0, 3])
def test_a_cost_report_asks_for_the_seven_weeks_before_its_week_ended(
    tmp_path, monkeypatch, weeks_ago
):
    spans = []

    def fetch_history(_server, _selectors, span, _advance):
        spans.append(span)
        return History((), span)

    monkeypatch.setattr(prometheus, "fetch_history", fetch_history)
    monkeypatch.setattr(Sources, "specs", Specs((), (), BUDGETS))
    week = Week.last_closed(int(time() * 1000) - weeks_ago * WEEK)
    with pytest.raises(NotEnoughData):
        project(tmp_path, PROMETHEUS).weekly_cost(str(week))
    assert spans == [Span(week.span.end - 49 * DAY, week.span.end)]


def test_a_snapshot_reaches_from_its_begin_to_its_end(tmp_path):
    (tmp_path / "history").mkdir()
    write_snapshot(history(), tmp_path / "history" / "snapshot.parquet")
    assert reach(project(tmp_path)) == SPAN


def test_without_any_history_it_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match="no snapshot at .* and no \\[prometheus\\]"):
        reach(project(tmp_path))


def test_an_unknown_service_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(Sources, "slos", property(lambda _: (availability(),)))
    made = project(tmp_path, PROMETHEUS)
    with pytest.raises(ConfigError, match="no report of 'shpo'; there are those of shop"):
        due_reports(made, (WEEKLY_SLO,), ["shpo"], 4)
    assert {one.service for one in due_reports(made, (WEEKLY_SLO,), [], 4)} == {"shop"}


def test_a_report_is_of_a_service_that_has_what_it_tells_of(tmp_path, monkeypatch):
    slos = (availability(), replace(availability(), service="search"))
    monkeypatch.setattr(Sources, "slos", property(lambda _: slos))
    made = project(tmp_path, PROMETHEUS)
    with pytest.raises(ConfigError, match="name a service; those with one are search, shop"):
        publish(made, WEEKLY_SLO)
    with pytest.raises(ConfigError, match="'shpo' has no error budget, the nearest is 'shop'; "):
        publish(made, WEEKLY_SLO, service="shpo")


def test_the_cost_of_a_missed_week_is_what_was_known_when_it_ended(tmp_path, monkeypatch):
    asked = []

    def fetch(_server, _selectors, span, _advance):
        asked.append(span)
        raise HistoryError("nobody answers")

    monkeypatch.setattr("slo.history.prometheus.fetch_history", fetch)
    (tmp_path / "specs").mkdir()
    for name in ("service.yaml", "alerts-cost.yaml"):
        shutil.copy(Path("slo/catalog/ai_support") / name, tmp_path / "specs")
    week = Week.last_closed(int(time() * 1000)).previous.previous
    with pytest.raises(HistoryError, match="nobody answers"):
        project(tmp_path, PROMETHEUS).weekly_cost(str(week))
    assert [span.end for span in asked] == [week.span.end]
    assert asked[0].start == week.span.end - 49 * DAY


SPEC = """\
apiVersion: openslo/v1
kind: Service
metadata: {name: shop}
---
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
        bad:
          metricSource: {type: Prometheus, spec: {query: 'requests_total{code="500"}'}}
        total:
          metricSource: {type: Prometheus, spec: {query: requests_total}}
  timeWindow: [{duration: 1w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9999}]
"""


def shop_with(folder, past):
    for name in ("history", "specs"):
        (folder / name).mkdir(parents=True)
    (folder / "specs" / "shop.yaml").write_text(SPEC)
    write_snapshot(past, folder / "history" / "snapshot.parquet")
    return project(folder)


def test_a_week_comes_with_what_was_to_be_suggested_when_it_ended(tmp_path):
    # An outage of half an hour each week: 99.99 % allows a minute of it.
    outages = tuple((stretch(2, 0.5, week), 1.0) for week in WEEKS)
    week = WEEKS[2]
    now = shop_with(tmp_path / "now", history(*outages)).weekly_slo(str(week))
    then = history(*outages[:3], span=Span(SPAN.start, week.span.end + STEP))
    before = shop_with(tmp_path / "then", then).weekly_slo(str(week))
    (change,) = now.suggestions
    assert change.title == "Promise 99.5 % for availability, or make it more reliable"
    assert "21 days of history hold 3 whole periods." in change.evidence
    assert now.unchanged == ()
    assert repr(before.suggestions) == repr(now.suggestions)


def test_how_far_a_weekly_report_is_with_what_to_change_is_shown(tmp_path):
    told = []

    @contextmanager
    def progress(label):
        yield lambda done, of: told.append((label, done, of))

    shop_with(tmp_path, history()).showing(progress).weekly_slo()
    assert told == [("Looking for what to change", 1, 1)]
