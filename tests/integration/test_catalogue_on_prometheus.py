"""The catalogue on a real Prometheus: rules evaluate, and alerts are raised when the engine says.

Two histories end now: one in which many things go wrong at its end, and a calm one. Prometheus
holds them, loads every generated rule, and evaluates each of them once or more.
"""

import re
import time
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import pytest

from slo.dashboards.recordings import recorded_for_dashboards, recording_artefacts
from slo.engine.alert import FIRING, condition, states, threshold_condition
from slo.engine.instants import instants
from slo.engine.measure import events_within, measured
from slo.engine.ratio import error_ratios
from slo.model import names
from slo.model.duration import DAY, HOUR, MINUTE, SECOND
from slo.model.samples import History, Series
from slo.model.span import Span, Week
from slo.plan import plan
from slo.promql import counter_selector
from slo.promql_expression import alert_condition
from slo.rules import rule_artefacts
from slo.simulate import PlannedIncident, Scenario
from slo.simulate.agent import simulate
from slo.simulate.local_prometheus import backfill, serve
from slo.simulate.openmetrics import write_openmetrics
from slo.targets.folder import apply
from tests.catalogue import SPECS
from tests.integration.conftest import Server
from tests.metric_contract import asked_for
from tests.unit.test_metric_contract import RUNBOOKS, runbook_queries

pytestmark = pytest.mark.integration

EVALUATED = 15 * SECOND
FOR_DASHBOARDS = recorded_for_dashboards("support-agent", SPECS.cost_budgets, EVALUATED)
SHOWN = {
    asked.metric
    for groups in FOR_DASHBOARDS.values()
    for group in groups
    for rule in group.rules
    for asked in asked_for(rule.expr)
}
READ = [
    *map(counter_selector, sorted(SHOWN)),
    *(selector for slo in SPECS.slos for selector in slo.indicator.selectors),
    *(selector for one in SPECS.alerts for selector in one.alert.selectors),
]
RUNBOOKS_ASK = {
    asked.metric
    for path in RUNBOOKS
    for query in runbook_queries(path)
    for asked in asked_for(query)
}
LENGTH = 4 * DAY
BUSY = 2.0
"""Traffic at which even a backlog lets through the fifty replies that alerts on them ask for."""

WENT_WRONG = (
    ("cost-runaway", 40 * HOUR, 1.0),
    ("bad-prompt", 30 * HOUR, 0.5),
    ("disk-full", 24 * HOUR, 0.53),
    ("memory-leak", 12 * HOUR, 0.69),
    ("retry-storm", 4 * HOUR, 1.0),
    ("queue-backlog", 6 * HOUR, 0.83),
    ("pool-exhaustion", 50 * MINUTE, 1.0),
    ("bad-deployment", 45 * MINUTE, 0.3),
    ("slow-model", 2 * HOUR, 0.9),
    ("crash-loop", HOUR, 0.3),
)


@dataclass(frozen=True, eq=False)
class Proof:
    """A history, the server that holds it, and its rules once each has been evaluated.

    Attributes:
        history: The samples.
        server: The server.
        recording: The recording rules, as the API tells of them.
        alerting: The alerting rules, likewise.
        looked: When that was, in Unix milliseconds.

    """

    history: History
    server: Server
    recording: list[dict]
    alerting: list[dict]
    looked: int


def simulated(incidents, traffic=1.0) -> History:
    """Four days that end on a Thursday afternoon, told as if that were now."""
    planned = tuple(
        PlannedIncident(kind, LENGTH - lasts, lasts, severity)
        for kind, lasts, severity in incidents
    )
    end = Week(2026, 41).span.start + 3 * DAY + 15 * HOUR
    scenario = Scenario(
        end - LENGTH,
        LENGTH,
        seed=21,
        scrape_interval=MINUTE,
        staging_pods=1,
        traffic=traffic,
        incidents=planned,
    )
    moved = (int(time.time()) * 1000 - end) // MINUTE * MINUTE
    history = simulate(scenario).history
    series = (Series(s.labels, s.times + moved, as_moved(s, moved)) for s in history.series)
    return History(tuple(series), Span(end - LENGTH + moved, end + moved))


def as_moved(series: Series, moved: int) -> np.ndarray:
    """The values of a series; those of a gauge of instants are moved with it."""
    instants_told = ("_time", "_created", "_timestamp_seconds", "start_time_seconds")
    tells_time = series.metric.endswith(instants_told)
    return series.values + moved / 1000 if tells_time else series.values


@pytest.fixture(scope="module")
def prove(tmp_path_factory):
    """A function that puts a history into a Prometheus with every generated rule."""
    with ExitStack() as stack:

        def start(incidents, selectors, traffic=1.0) -> Proof:
            # Windows of minutes are empty soon after the end: there is no time for all series.
            history = simulated(incidents, traffic).restrict(selectors)
            folder = tmp_path_factory.mktemp("proof")
            artefacts = rule_artefacts(SPECS.slos, EVALUATED, SPECS.alerts)
            artefacts += recording_artefacts(FOR_DASHBOARDS)
            apply(plan((), artefacts), folder)
            rules = sorted((folder / "rules").glob("*.yml"))
            for path in rules:
                # Whole periods are recorded every four minutes: a test would wait for that.
                path.write_text(path.read_text().replace("interval: 4m", "interval: 15s"))
            write_openmetrics(history, folder / "history.om")
            backfill(folder / "history.om", folder / "storage")
            server = Server(stack.enter_context(serve(folder / "storage", tuple(rules))))
            recording, alerting = (evaluated_rules(server, kind) for kind in ("record", "alert"))
            return Proof(history, server, recording, alerting, int(time.time() * 1000))

        yield start


@pytest.fixture(scope="module")
def bad(prove):
    return prove(WENT_WRONG, [*READ, *map(counter_selector, sorted(RUNBOOKS_ASK))], BUSY)


@pytest.fixture(scope="module")
def calm(prove):
    return prove((), READ)


def evaluated_rules(server: Server, kind: str) -> list[dict]:
    """Every rule of a kind, once each has been evaluated."""
    deadline = time.monotonic() + 120
    while True:
        groups = server.get("rules", type=kind)["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        if all(rule["health"] != "unknown" for rule in rules):
            return rules
        assert time.monotonic() < deadline, "rules were not evaluated within two minutes"
        time.sleep(1)


def seconds(text: str) -> int:
    """An instant of the API as Unix milliseconds."""
    whole = np.datetime64(re.sub(r"(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$", r"\1", text), "ns")
    return int(whole.astype("datetime64[ms]").astype(np.int64))


def holding(history: History, at) -> dict[str, np.ndarray]:
    """Where the engine says that each alert's condition holds, by the rule's name."""
    found = {}
    for one in SPECS.alerts:
        alert = one.alert
        values = [measured(alert.measure, history, window, at) for window in alert.windows]
        counted = alert.windows if alert.minimum_events else ()
        events = [events_within(alert.counted_events, history, w, at) for w in counted]
        found[names.threshold_alert_name(one.name)] = threshold_condition(alert, values, events)
    for slo in SPECS.slos:
        ratios = error_ratios(slo.indicator, history, slo.policy.windows, at)
        for alert in slo.policy.alerts:
            rule = names.alert_name(slo.name, alert.name)
            found[rule] = condition(alert, slo.objective, ratios)
    return found


@pytest.mark.parametrize("which", ["bad", "calm"])
def test_every_rule_evaluates_and_every_recording_rule_yields_data(which, request):
    proof = request.getfixturevalue(which)
    rules = [*proof.recording, *proof.alerting]
    assert {rule["name"]: rule["lastError"] for rule in rules if rule["health"] != "ok"} == {}
    asked = {
        (rule["name"], tuple(sorted(rule.get("labels", {}).items()))) for rule in proof.recording
    }
    assert len(asked) == len(proof.recording) > 100
    for name, labels in sorted(asked):
        matchers = ",".join(f'{label}="{value}"' for label, value in labels)
        found = proof.server.query(f"{name}{{{matchers}}}", proof.looked)
        # Of what is recorded by environment there are several series, told apart by its labels.
        assert len(found) == 1 or (found and not labels), (name, labels)


def test_what_goes_wrong_raises_what_the_engine_says(bad):
    raised, expected = {}, {}
    for rule in bad.alerting:
        at = np.array([seconds(rule["lastEvaluation"])], dtype=np.int64)
        raised[rule["name"]] = rule["state"] != "inactive"
        expected[rule["name"]] = bool(holding(bad.history, at)[rule["name"]][0])
    burning = sum(len(slo.policy.alerts) for slo in SPECS.slos)
    assert len(raised) == len(bad.alerting) == len(SPECS.alerts) + burning
    assert raised == expected
    # Every kind of trouble has reached somebody.
    assert {name for name, there in raised.items() if there} >= {
        "AiResolutionRateCritical",
        "AiResolutionRateWarning",
        "CustomerSatisfactionLow",
        "DbPoolExhausted",
        "DiskNearlyFull",
        "ErrorRateCritical",
        "ErrorRateWarning",
        "EscalationRateHigh",
        "LlmApiFailuresAnthropic",
        "LlmCostCritical",
        "LlmCostPage1h",
        "LlmCostWarning",
        "LlmHighLatencyAnthropic",
        "LlmTokenBudgetAnthropic",
        "MemoryNearLimit",
        "PodCrashLooping",
        "QueueDepthCritical",
        "QueueDepthWarning",
        "ResponseTimeCritical",
        "ResponseTimeWarning",
        "ApiAvailabilityBurnRatePage1h",
        "DbPoolHeadroomBurnRatePage1h",
        "QueueFreshnessBurnRatePage1h",
        "TicketSuccessBurnRatePage1h",
    }


def test_the_calm_raises_nothing(calm):
    assert [rule["name"] for rule in calm.alerting if rule["state"] != "inactive"] == []


@pytest.mark.parametrize("one", SPECS.alerts, ids=lambda one: one.name)
def test_an_alert_holds_at_the_instants_at_which_the_engine_says(one, bad):
    alert, history = one.alert, bad.history
    span = Span(history.span.start + 25 * HOUR, history.span.end)
    at = instants(span, MINUTE, 17 * SECOND)
    found = bad.server.query_range(f"sum({alert_condition(alert)})", at)
    absent = np.full(at.size, np.nan), np.zeros(at.size, dtype=bool)
    _, holds = found.get("{}", absent)
    values = [measured(alert.measure, history, window, at) for window in alert.windows]
    counted = alert.windows if alert.minimum_events else ()
    events = [events_within(alert.counted_events, history, w, at) for w in counted]
    assert np.array_equal(holds, threshold_condition(alert, values, events))


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_a_runbooks_queries_run_and_what_they_ask_for_is_there(path, bad):
    queries = runbook_queries(path)
    answers = {query: bad.server.query(query, bad.looked) for query in queries}
    # Some ask for what should not be there, such as rules that failed: all cannot be silent.
    assert any(answers.values())
    silent = [query for query, found in answers.items() if not found]
    metrics = {one.metric for query in silent for one in asked_for(query)}
    unknown = [
        metric for metric in sorted(metrics) if not bad.server.query(f"count({metric})", bad.looked)
    ]
    assert unknown == []


@pytest.fixture(scope="module")
def calm_quarter():
    from slo.simulate.scenario_file import read_scenario

    return simulate(read_scenario("calm-quarter")).history.restrict(READ)


def test_a_calm_quarter_raises_no_alert_at_all(calm_quarter):
    at = instants(calm_quarter.span, MINUTE)
    holds = holding(calm_quarter, at)
    # Until the longest window is full nobody knows what went before.
    judged = at >= calm_quarter.span.start + 3 * DAY
    patience = {names.threshold_alert_name(one.name): one.alert.hold for one in SPECS.alerts}
    fired = {
        name: int((states(held, at, patience.get(name, 0), 0)[0] == FIRING)[judged].sum())
        for name, held in holds.items()
    }
    assert len(fired) == len(holds)
    assert {name: count for name, count in fired.items() if count} == {}
