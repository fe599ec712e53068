from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from slo.errors import ConfigError, SpecError
from slo.model.duration import DAY, HOUR, MINUTE, WEEK
from slo.model.span import Span, Week
from slo.simulate import Gap, PlannedIncident, Scenario, default_scenario
from slo.simulate.scenario import IncidentKind
from slo.simulate.scenario_file import read_scenario, sample_scenarios

GOOD = """\
start: 2026-10-05
length: 2w
seed: 3
staging-pods: 1
traffic: 0.5
deployments: [1d]
surges:
  - {at: 8h, lasts: 12h}
incidents:
  - {kind: bad-prompt, at: 1w3h, lasts: 32h, severity: 0.45}
gaps:
  - {at: 5d, lasts: 4m}
"""


def test_the_default_is_six_weeks_from_a_monday():
    scenario = default_scenario()
    assert scenario.span == Span(Week(2026, 41).span.start, Week(2026, 47).span.start)
    assert (scenario.pods, scenario.scrape_interval, scenario.seed) == (2, 30_000, 7)


def test_something_goes_wrong_in_every_week():
    incidents = default_scenario().incidents
    assert len({incident.kind for incident in incidents}) == 7
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


def test_every_kind_goes_wrong_in_some_scenario_of_ours():
    planned = [i for name in sample_scenarios() for i in read_scenario(name).incidents]
    assert {incident.kind for incident in planned} == set(get_args(IncidentKind))
    assert sample_scenarios() == (
        "bad-month",
        "calm-quarter",
        "cost-runaway",
        "low-traffic",
        "slow-leak",
    )


def test_a_file_says_what_happens(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD)
    assert read_scenario(str(file)) == Scenario(
        start=Week(2026, 41).span.start,
        length=2 * WEEK,
        seed=3,
        staging_pods=1,
        traffic=0.5,
        surges=(Span(8 * HOUR, 20 * HOUR), Span(WEEK + 8 * HOUR, WEEK + 20 * HOUR)),
        deployments=(DAY, WEEK + DAY),
        incidents=(PlannedIncident("bad-prompt", WEEK + 3 * HOUR, 32 * HOUR, 0.45),),
        gaps=(Gap(5 * DAY, 4 * MINUTE),),
    )


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("bad-prompt", "meteor", "10: incidents[0].kind: found 'meteor', expected one of bad-dep"),
        ("1w3h", "soon", "10: incidents[0].at: found 'soon', expected a duration such as"),
        ("0.45", "45", "10: incidents[0].severity: found 45, expected less than or equal to 1"),
        ("seed: 3", "sed: 3", "3: sed: found an unknown field, expected one of start, length"),
        ("lasts: 32h", "for: 32h", "10: incidents[0].lasts: found nothing, expected a value"),
        ("length: 2w", "length: 0w", "2: length: found '0w', expected a duration above 0"),
        ("2026-10-05", "today", "1: start: found 'today', expected a date such as 2026-10-05"),
        ("seed: 3", "seed: [", "found malformed text ("),
        ("seed: 3", "seed: '3'", "3: seed: found '3', expected a whole number"),
        ("seed: 3", "seed: true", "3: seed: found True, expected a whole number"),
        ("seed: 3", "seed: 3.0", "3: seed: found 3.0, expected a whole number"),
        ("seed: 3", "seed: 3\npods: !!python/name:os.system x", "4: pods: found "),
        ("seed: 3", "seed: 3\nlength: 3w", '4: found malformed text (found duplicate key "length"'),
        ("seed: 3", "gaps:", "found duplicate key"),
        ("traffic: 0.5", "traffic: .nan", "5: traffic: found nan, expected a number"),
        ("traffic: 0.5", "traffic: '1'", "5: traffic: found '1', expected a number"),
        ("0.45", "'0.45'", "10: incidents[0].severity: found '0.45', expected a number"),
        ("2026-10-05", "2026-13-45", "found malformed text (month must be in 1..12)"),
        ("2026-10-05", "2026-10-05T12:30:00Z", "1: start: found 2026-10-05"),
        ("2026-10-05", "9999-12-31", "1: start: found 9999-12-31, expected a date such as"),
        ("length: 2w", "length: 5s", "2: length: found '5s', expected a duration of 1h or more"),
        ("1w3h", "2w", "10: incidents[0].at: found 14d, expected a moment before the end at 14d"),
        ("at: 5d", "at: 3w", "12: gaps[0].at: found 21d, expected a moment before the end at 14d"),
        ("lasts: 4m", "lasts: 4m, pod: 3", "12: gaps[0].pod: found 3, expected a pod's number up"),
        ("[1d]", "[1d, 8d]", "6: deployments[1]: found 8d, expected a moment of each week"),
        ("at: 8h", "at: 1w", "8: surges[0].at: found 7d, expected a moment of each week"),
        ("[1d]", "1d", "6: deployments: found '1d', expected a list"),
        ("[1d]", "", "6: deployments: found nothing, expected a list"),
        ("seed: 3", "3: seed", "3: [3]: found 3, expected the name of a field"),
    ],
)
def test_what_a_file_cannot_mean_is_refused(before, after, complaint, tmp_path):
    assert before in GOOD
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD.replace(before, after))
    with pytest.raises(SpecError) as raised:
        read_scenario(str(file))
    assert any(complaint in str(fault).removeprefix(f"{file}:") for fault in raised.value.faults), (
        raised.value
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "found nothing, expected a mapping with the fields start, length"),
        ("- 1\n", "found [1], expected a mapping with the fields start, length"),
        ("pods: " + "[" * 600, "fields nested too deeply"),
        ("\x07", "found malformed text (unacceptable character"),
    ],
)
def test_what_is_no_scenario_at_all_is_refused(text, complaint, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(SpecError) as raised:
        read_scenario(str(file))
    (fault,) = raised.value.faults
    assert complaint in str(fault)
    assert "\n" not in str(fault)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SpecError, match="malformed text"):
        read_scenario(str(file))


def test_a_scenario_that_is_nowhere_is_named_with_those_that_are():
    with pytest.raises(ConfigError, match="no scenario 'worse-month': expected a file, or one of"):
        read_scenario("worse-month")


def test_impossible_plans_are_refused():
    with pytest.raises(ValueError, match="'meteor' is none of provider-outage, slow-model"):
        PlannedIncident("meteor", 0, HOUR, 0.5)
    with pytest.raises(ValueError, match="a severity up to 1"):
        PlannedIncident("bad-prompt", 0, HOUR, 1.5)
    with pytest.raises(ValueError, match="at least one scrape"):
        Scenario(start=0, length=DAY, scrape_interval=2 * DAY)
