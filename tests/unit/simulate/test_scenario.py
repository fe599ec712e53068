from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from slo.model.duration import DAY, HOUR, WEEK
from slo.model.span import Span, Week
from slo.simulate import PlannedIncident, Scenario, default_scenario
from slo.simulate.scenario import IncidentKind


def test_the_default_is_six_weeks_from_a_monday():
    scenario = default_scenario()
    assert scenario.span == Span(Week(2026, 41).span.start, Week(2026, 47).span.start)
    assert (scenario.pods, scenario.scrape_interval, scenario.seed) == (2, 30_000, 7)


def test_every_kind_goes_wrong_and_some_of_it_in_every_week():
    incidents = default_scenario().incidents
    assert {incident.kind for incident in incidents} == set(get_args(IncidentKind))
    assert {incident.start // WEEK for incident in incidents} == set(range(6))
    assert 9 <= len(incidents) <= 12


@pytest.mark.parametrize("weeks", [1, 2, 5, 6, 7, 26])
def test_the_last_week_is_the_same_however_long_the_history(weeks):
    def last_week(scenario):
        begin = scenario.length - WEEK
        return {(i.kind, i.start - begin) for i in scenario.incidents if i.start >= begin}

    assert last_week(default_scenario(weeks=weeks)) == last_week(default_scenario())
    assert len(last_week(default_scenario())) == 2


def test_nothing_is_planned_beyond_the_end():
    for weeks in (1, 3):
        scenario = default_scenario(weeks=weeks)
        assert max(incident.end for incident in scenario.incidents) <= scenario.length
        assert max(gap.start + gap.duration for gap in scenario.gaps) <= scenario.length
        assert max(scenario.deployments) < scenario.length


def test_it_begins_when_it_is_told_to():
    start = datetime(2025, 3, 3, tzinfo=UTC)
    assert default_scenario(weeks=1, start=start).span == Week(2025, 10).span


def test_impossible_plans_are_refused():
    with pytest.raises(ValueError, match="'meteor' is none of provider-outage, slow-model"):
        PlannedIncident("meteor", 0, HOUR, 0.5)
    with pytest.raises(ValueError, match="a severity up to 1"):
        PlannedIncident("bad-prompt", 0, HOUR, 1.5)
    with pytest.raises(ValueError, match="at least one scrape"):
        Scenario(start=0, length=DAY, scrape_interval=2 * DAY)
