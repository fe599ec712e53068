"""The sample scenarios: what goes wrong in them is told, and what is told went wrong."""

import pytest

from slo.backtest import backtest, backtest_alerts
from slo.simulate.agent import simulate
from slo.simulate.scenario_file import read_scenario
from tests.catalogue import SPECS

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("name", ["bad-month", "slow-leak", "cost-runaway", "low-traffic"])
def test_every_incident_is_told_and_no_alert_on_a_threshold_is_false(name):
    made = simulate(read_scenario(name))
    told, false = set(), {}
    for one in SPECS.alerts:
        about = [incident for incident in made.incidents if one.signal in incident.slos]
        result = backtest_alerts([one.alert], made.history, about)
        # Where nothing is labelled, whatever fires is false.
        wrong = result.false_episodes if about else result.episodes
        false |= {one.name: wrong} if wrong else {}
        told |= {outcome.incident.name for outcome in result.outcomes if outcome.detections}
    assert false == {}
    for slo in SPECS.slos:
        about = [incident for incident in made.incidents if slo.name in incident.slos]
        if about:
            outcomes = backtest(slo, made.history, about).outcomes
            told |= {outcome.incident.name for outcome in outcomes if outcome.detections}
    assert told == {incident.name for incident in made.incidents}
