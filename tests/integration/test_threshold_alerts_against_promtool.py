"""Alerts on thresholds fire at the evaluations at which promtool's rules do."""

import json
import subprocess

import numpy as np
import pytest

from slo.backtest import backtest_alerts
from slo.model.duration import MINUTE, format_duration
from slo.model.measure import CounterRate, CounterShare, GaugeLevel
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.model.threshold_alert import ThresholdAlert
from slo.promql import counter_selector
from slo.promql_expression import alert_condition
from slo.simulate.local_prometheus import program

pytestmark = pytest.mark.integration

EVALUATIONS = 90
SERIES = ('done_total{to="human"}', 'done_total{to="agent"}', 'depth{pod="a"}', 'depth{pod="b"}')
HUMAN, ALL = counter_selector('done_total{to="human"}'), counter_selector("done_total")
DEPTH = counter_selector("depth")
MEASURES = {
    "rate": (CounterRate(ALL), 0.11, 0),
    "share": (CounterShare(HUMAN, ALL), 0.45, 0),
    "share of enough": (CounterShare(HUMAN, ALL), 0.45, 30),
    "share of nothing": (CounterShare(counter_selector('done_total{to="x"}'), ALL), 0.0, 0),
    "mean": (GaugeLevel(DEPTH), 50.0, 0),
    "highest": (GaugeLevel(DEPTH, "max"), 85.0, 0),
    "lowest": (GaugeLevel(DEPTH, "min"), 15.0, 0),
}
CASES = [(name, seed) for name in MEASURES for seed in range(4)]


def random_values(seed: int) -> dict[str, list[float | None]]:
    """A sample a minute of each series, some missing; counters reset now and then."""
    rng = np.random.default_rng(seed)
    found: dict[str, list[float | None]] = {}
    for name in SERIES:
        steps = rng.integers(0, 8, EVALUATIONS) * rng.choice([1, 1, 0], EVALUATIONS)
        values = np.cumsum(steps) if name.startswith("done") else rng.integers(0, 100, EVALUATIONS)
        if name.startswith("done") and seed % 2:
            values[40:] -= values[40]
        seen = rng.random(EVALUATIONS) > 0.05
        found[name] = [float(v) if ok else None for v, ok in zip(values, seen, strict=True)]
    return found


def history(values: dict[str, list[float | None]]) -> History:
    series = []
    for name, of in values.items():
        selector = counter_selector(name)
        labels = {matcher.name: matcher.value for matcher in selector.matchers}
        there = [(k * MINUTE, value) for k, value in enumerate(of) if value is not None]
        series.append(series_of(labels, *zip(*there, strict=True)))
    return History(tuple(series), Span(0, EVALUATIONS * MINUTE), server_version="2.42.0")


def alert_of(name: str, seed: int) -> ThresholdAlert:
    rng = np.random.default_rng(1000 + seed)
    measure, threshold, minimum = MEASURES[name]
    windows = [(5 * MINUTE,), (10 * MINUTE, 3 * MINUTE)][seed % 2]
    return ThresholdAlert(
        name="Alert",
        severity="page",
        measure=measure,
        comparison=(">", "<", ">=", "<=")[seed % 4],
        threshold=threshold,
        windows=windows,
        hold=int(rng.integers(0, 3)) * MINUTE,
        keep_firing=int(rng.integers(0, 3)) * MINUTE,
        minimum_events=minimum,
    )


def firing(name: str, seed: int) -> list[bool]:
    found = backtest_alerts([alert_of(name, seed)], history(random_values(seed))).episodes
    fires = [False] * EVALUATIONS
    for episode in found:
        end = EVALUATIONS if episode.end is None else episode.end // MINUTE
        for minute in range(episode.start // MINUTE, end):
            fires[minute] = True
    return fires


def written(folder, number: int, fires: list[bool]):
    name, seed = CASES[number]
    alert = alert_of(name, seed)
    rule = {
        "alert": "Alert",
        "expr": alert_condition(alert),
        "for": format_duration(alert.hold),
    }
    if alert.keep_firing:
        rule["keep_firing_for"] = format_duration(alert.keep_firing)
    rules = {"groups": [{"name": "g", "interval": "1m", "rules": [rule]}]}
    (folder / f"rules-{number}.yml").write_text(json.dumps(rules))
    test = {
        "interval": "1m",
        "input_series": [
            {"series": series, "values": " ".join("_" if v is None else f"{v:g}" for v in values)}
            for series, values in random_values(seed).items()
        ],
        "promql_expr_test": [
            {
                "expr": 'count(ALERTS{alertstate="firing"})',
                "eval_time": f"{minute}m",
                "exp_samples": [{"labels": "{}", "value": 1}] if one else [],
            }
            for minute, one in enumerate(fires)
        ],
    }
    path = folder / f"test-{number}.yml"
    path.write_text(
        json.dumps({
            "rule_files": [f"rules-{number}.yml"], "evaluation_interval": "1m", "tests": [test],
        })
    )  # fmt: skip
    return path


def promtool(*files) -> subprocess.CompletedProcess[str]:
    command = [program("promtool"), "test", "rules", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_random_histories_fire_at_the_same_evaluations(tmp_path):
    files = [written(tmp_path, n, firing(*case)) for n, case in enumerate(CASES)]
    done = promtool(*files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_cases_are_worth_something():
    changes = [int(np.sum(np.diff(np.array(firing(*case)).astype(int)) == 1)) for case in CASES]
    assert sum(changes) > 60
    assert sum(count > 0 for count in changes) > len(CASES) // 2


def test_promtool_notices_an_evaluation_that_differs(tmp_path):
    fires = firing("mean", 0)
    fires[50] = not fires[50]
    number = CASES.index(("mean", 0))
    assert promtool(written(tmp_path, number, fires)).returncode != 0
