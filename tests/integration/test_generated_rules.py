"""promtool accepts the generated rules, and its tests of them pass and can fail."""

import re
import subprocess
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from slo.model import names
from slo.model.alert import AlertPolicy, BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.objective import Objective
from slo.plan import plan
from slo.rules import rule_artefacts
from slo.simulate.local_prometheus import program
from slo.spec import read_specs
from slo.targets.folder import apply

pytestmark = pytest.mark.integration

CATALOG = Path(str(files("slo") / "catalog" / "ai_support"))
EVERY_KIND = Path("tests/golden/specs/every-kind.yaml")
EVERY_ALERT = Path("tests/golden/specs/every-alert.yaml")


def promtool(folder: Path, verb: str, pattern: str) -> tuple[int, str]:
    names = sorted(path.name for path in folder.glob(pattern))
    assert names
    command = [program("promtool"), verb, "rules", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def generate(slos, folder: Path, alerts=()) -> Path:
    apply(plan((), rule_artefacts(slos, MINUTE, alerts)), folder)
    return folder


def assert_accepted(folder: Path) -> None:
    for verb, where, pattern in (("check", "rules", "*.yml"), ("test", "tests", "*.yml")):
        code, output = promtool(folder / where, verb, pattern)
        assert code == 0, output
        assert "FAILED" not in output


@pytest.mark.parametrize(
    "spec", [CATALOG, EVERY_KIND, EVERY_ALERT], ids=["catalogue", "every-kind", "every-alert"]
)
def test_generated_rules_pass_their_generated_tests(spec, tmp_path):
    specs = read_specs([spec])
    folder = generate(specs.slos, tmp_path, specs.alerts)
    assert_accepted(folder)
    tests = "".join(path.read_text() for path in (folder / "tests").glob("*.yml"))
    assert "Not tested" not in tests
    rules = "".join(path.read_text() for path in (folder / "rules").glob("*.yml"))
    alerts = re.findall(r"- alert: (\w+)", rules)
    burning = sum(len(slo.policy.alerts) for slo in specs.slos)
    assert len(alerts) == len({*alerts}) == burning + len(specs.alerts)
    # Each fires once, and is silent in two tests: one with a single window on a burn rate, three
    # with a minimum of events.
    for name in alerts:
        assert len(re.findall(rf"name: {name} fires", tests)) == 1
        assert len(re.findall(rf"name: {name} (is silent|ends|recovers)", tests)) in {1, 2, 3}
    for alert in specs.alerts:
        name = names.threshold_alert_name(alert.name)
        assert len(re.findall(rf"name: {name} recovers", tests)) == 1


def guards() -> list[BurnRateAlert]:
    """Windows, factors and waits that the catalogue does not have."""
    return [
        BurnRateAlert("fast", "page", 5 * MINUTE, MINUTE, 9.9, hold=MINUTE),
        BurnRateAlert("single", "ticket", 90 * MINUTE, 90 * MINUTE, 0.07),
        BurnRateAlert("odd", "page", 7 * HOUR, 25 * MINUTE, 3.3333, keep_firing=40 * MINUTE),
        BurnRateAlert("close", "ticket", 2 * HOUR, 110 * MINUTE, 9.5, hold=30 * MINUTE),
        BurnRateAlert("slow", "ticket", 5 * DAY, 3 * HOUR, 0.5, hold=HOUR, keep_firing=DAY),
    ]


def test_policies_of_any_shape_pass_their_tests(tmp_path):
    policy = AlertPolicy(tuple(guards()))
    ninety = Objective(Decimal("0.9"))
    slos = [
        replace(slo, objective=ninety, policy=policy)
        for slo in read_specs([EVERY_KIND]).slos
        if slo.name in {"latency", "probes"}
    ]
    assert len(slos) == 2
    assert_accepted(generate(slos, tmp_path))


@pytest.mark.parametrize(("slice_length", "longest"), [(30_000, 2 * DAY), (7 * MINUTE, 5 * DAY)])
def test_time_slices_of_any_length_pass_their_tests(slice_length, longest, tmp_path):
    (queue,) = [slo for slo in read_specs([EVERY_KIND]).slos if slo.name == "queue"]
    indicator = replace(queue.indicator, comparison=">", slice_length=slice_length)
    fitting = (
        BurnRateAlert("fast", "page", HOUR, 15 * MINUTE, 14.4, hold=4 * MINUTE),
        BurnRateAlert("slow", "ticket", longest, 6 * HOUR, 2.0, keep_firing=HOUR),
    )
    queue = replace(queue, indicator=indicator, policy=AlertPolicy(fitting))
    assert_accepted(generate([queue], tmp_path))


BREAKAGES = {
    "the long window's threshold is higher": (r"(window=\"1h\"\}) > \(10\.5 ", r"\1 > (10.8 "),
    "the long window's threshold is lower": (r"(window=\"1h\"\}) > \(10\.5 ", r"\1 > (10.2 "),
    "the short window's threshold is higher": (r"(window=\"5m\"\}) > \(10\.5 ", r"\1 > (10.8 "),
    "the short window's threshold is lower": (r"(window=\"5m\"\}) > \(10\.5 ", r"\1 > (10.2 "),
    "one window is enough": (r"and ignoring\(window\)", "or"),
    "other events are counted": (r'state=~"paid\|free"', 'state=~"open"'),
    "errors are taken for successes": (r"(expr: \|-\n +)1 - \(sum", r"\1(sum"),
    "the long window is too short": (r"\[1h\]", "[50m]"),
    "the long window is too long": (r"\[1h\]", "[70m]"),
    "the short window is too long": (r"\[5m\]", "[20m]"),
    "the severity is another": ("severity: page", "severity: ticket"),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_broken_rules_fail_their_tests(breakage, tmp_path):
    (orders,) = [slo for slo in read_specs([EVERY_KIND]).slos if slo.name == "orders"]
    first = orders.with_policy(AlertPolicy(orders.policy.alerts[:1]))
    folder = generate([first], tmp_path)
    rules = folder / "rules" / "prometheus-burn-rate-rules.yml"
    broken, changes = re.subn(*BREAKAGES[breakage], rules.read_text())
    assert changes
    rules.write_text(broken)
    assert promtool(folder / "rules", "check", rules.name)[0] == 0
    code, output = promtool(folder / "tests", "test", "*.yml")
    assert code == 1
    assert "OrdersBurnRatePage1h" in output


ALERT_BREAKAGES = {
    "failed-orders-critical": {
        "the threshold is higher": (r"> 0\.05", "> 0.0516"),
        "the threshold is lower": (r"> 0\.05", "> 0.0484"),
        "other orders are counted": ('state="failed"', 'state="paid"'),
        "one window is enough": (r"50\n +and\n +\(\(", "50\n          or\n          (("),
        "fewer events suffice": ("orders_total\\[5m\\]\\)\\) >= 50", "orders_total[5m])) >= 0"),
    },
    "delivered-too-few": {
        "it looks for what is above": ("< 0.97", "> 0.97"),
        "the window is too long": (r"\[1d\]", "[3d]"),
    },
    "queue-depth": {
        "the threshold is excluded and higher": (">= 100", "> 102"),
        "queues are not added up": (r"sum\(sum_over_time", "count(sum_over_time"),
        "it waits for ever": ("for: 5m", "for: 5h"),
    },
    "orders-absent": {"it looks for another job": ('job="shop"', 'job="bakery"')},
    "report-stale": {"a week is enough": ("691200", "604800")},
    "parcels-cost-page-1h": {"a tenth of the budget": (r"> 0\.01666\d+", "> 0.0016666")},
}


@pytest.mark.parametrize(
    ("name", "breakage"),
    [(name, breakage) for name, broken in ALERT_BREAKAGES.items() for breakage in broken],
)
def test_broken_alerts_on_thresholds_fail_their_tests(name, breakage, tmp_path):
    (one,) = [alert for alert in read_specs([EVERY_ALERT]).alerts if alert.name == name]
    folder = generate((), tmp_path, [one])
    rules = folder / "rules" / "prometheus-alert-rules.yml"
    broken, changes = re.subn(*ALERT_BREAKAGES[name][breakage], rules.read_text())
    assert changes
    rules.write_text(broken)
    assert promtool(folder / "rules", "check", rules.name)[0] == 0
    code, output = promtool(folder / "tests", "test", "*.yml")
    assert code == 1
    assert names.threshold_alert_name(name) in output
