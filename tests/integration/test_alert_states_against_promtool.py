"""The alert state machine, evaluation by evaluation, as promtool runs the same rule."""

import json
import subprocess
from decimal import Decimal

import numpy as np
import pytest

from slo.engine.alert import FIRING, condition, states
from slo.engine.ratio import ErrorRatios
from slo.model.alert import BurnRateAlert
from slo.model.duration import HOUR, MINUTE, format_duration
from slo.model.objective import Objective
from slo.simulate.local_prometheus import program

pytestmark = pytest.mark.integration

OBJECTIVE = Objective(Decimal("0.99"))
EVALUATIONS = 60
CASES = 24


def random_case(seed: int) -> tuple[BurnRateAlert, ErrorRatios]:
    """Ratios that hover around the threshold, with absences and NaN."""
    rng = np.random.default_rng(seed)
    alert = BurnRateAlert(
        name="page",
        severity="page",
        long=HOUR,
        short=5 * MINUTE,
        factor=2.0,
        hold=int(rng.choice([0, 0, 1, 2, 5])) * MINUTE,
        keep_firing=int(rng.choice([0, 0, 1, 3, 7])) * MINUTE,
    )
    busy = rng.random((2, EVALUATIONS)) < rng.choice([0.6, 0.8, 0.95])
    values = np.where(busy, 0.03, rng.choice([0.01, 0.02, np.nan], (2, EVALUATIONS)))
    present = rng.random((2, EVALUATIONS)) > rng.choice([0.0, 0.05])
    times = np.arange(EVALUATIONS, dtype=np.int64) * MINUTE
    return alert, ErrorRatios(alert.windows, times, np.where(present, values, np.nan), present)


def as_promtool_writes(ratios: ErrorRatios, window: int) -> str:
    points = ratios.over(window)
    pairs = zip(points.values.tolist(), points.present.tolist(), strict=True)
    # A gap in a series of tests is still seen for five minutes: a stale marker ends it.
    return " ".join("stale" if not there else str(value) for value, there in pairs)


def unit_test(folder, seed: int) -> dict[str, object]:
    alert, ratios = random_case(seed)
    rule = {
        "alert": "Page",
        "expr": "long > (2 * 0.01) and short > (2 * 0.01)",
        "for": format_duration(alert.hold),
    }
    if alert.keep_firing:
        rule["keep_firing_for"] = format_duration(alert.keep_firing)
    (folder / f"rules-{seed}.yml").write_text(
        json.dumps({"groups": [{"name": "g", "interval": "1m", "rules": [rule]}]})
    )
    holds = condition(alert, OBJECTIVE, ratios)
    state, _ = states(holds, ratios.times, alert.hold, alert.keep_firing)
    fires = (state == FIRING).tolist()
    series = {"long": alert.long, "short": alert.short}
    return {
        "rule_files": [f"rules-{seed}.yml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": name, "values": as_promtool_writes(ratios, window)}
                    for name, window in series.items()
                ],
                "promql_expr_test": [
                    {
                        "expr": 'count(ALERTS{alertstate="firing"})',
                        "eval_time": f"{minute}m",
                        "exp_samples": [{"labels": "{}", "value": 1}] if firing else [],
                    }
                    for minute, firing in enumerate(fires)
                ],
            }
        ],
    }


def promtool(*files) -> subprocess.CompletedProcess[str]:
    command = [program("promtool"), "test", "rules", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def written(folder, seed: int):
    path = folder / f"test-{seed}.yml"
    path.write_text(json.dumps(unit_test(folder, seed)))
    return path


def test_random_ratios_fire_at_the_same_evaluations(tmp_path):
    done = promtool(*(written(tmp_path, seed) for seed in range(CASES)))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_cases_are_worth_something():
    fired, quiet = 0, 0
    for seed in range(CASES):
        alert, ratios = random_case(seed)
        holds = condition(alert, OBJECTIVE, ratios)
        state, _ = states(holds, ratios.times, alert.hold, alert.keep_firing)
        fired += int(np.sum(np.diff((state == FIRING).astype(int)) == 1))
        quiet += int(np.sum(state != FIRING))
    assert fired > 50
    assert quiet > 200


def test_promtool_notices_an_evaluation_that_differs(tmp_path):
    cases = (unit_test(tmp_path, seed) for seed in range(CASES))
    case, firing = next(
        (case, one)
        for case in cases
        for one in case["tests"][0]["promql_expr_test"]
        if one["exp_samples"]
    )
    firing["exp_samples"] = []
    path = tmp_path / "test-wrong.yml"
    path.write_text(json.dumps(case))
    assert promtool(path).returncode != 0
