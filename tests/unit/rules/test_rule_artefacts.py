"""Generated files, as people review them: ``tests/golden/generated`` holds what must come out."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from slo.model import names
from slo.model.alert import AlertPolicy, BurnRateAlert, workbook_policy
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.indicator import TimeSlices
from slo.model.objective import Objective
from slo.plan import GENERATED
from slo.promql import counter_selector, error_ratio
from slo.rules import Links, rule_artefacts
from slo.spec import read_specs

GOLDEN = Path("tests/golden")
SLOS = read_specs([GOLDEN / "specs" / "every-kind.yaml"]).slos
ALERTS = read_specs([GOLDEN / "specs" / "every-alert.yaml"]).alerts
LINKS = Links("https://runbooks.example.com/shop", "https://grafana.example.com/d")
BY_NAME = {slo.name: slo for slo in SLOS}


def rules(slo, paths=(names.BURN_RATE_RULE_FILE, names.TIME_SLICE_RULE_FILE)) -> list[dict]:
    (text,) = [a.text for a in rule_artefacts([slo], MINUTE) if a.path in paths]
    return [rule for group in YAML(typ="safe").load(text)["groups"] for rule in group["rules"]]


def alert(slo, name: str) -> dict:
    (found,) = [rule for rule in rules(slo) if rule.get("alert") == name]
    return found


def test_the_files_are_the_ones_that_were_reviewed():
    made = {a.path: a.text for a in rule_artefacts(SLOS, MINUTE, ALERTS, LINKS)}
    folder = GOLDEN / "generated"
    kept = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*.yml")}
    assert sorted(made) == sorted(kept)
    for path, text in made.items():
        assert text == kept[path], f"{folder / path} is not what the rules are now"


def test_the_order_of_specifications_does_not_matter():
    assert rule_artefacts(SLOS, MINUTE, ALERTS) == rule_artefacts(SLOS[::-1], MINUTE, ALERTS[::-1])
    assert all(artefact.ours for artefact in rule_artefacts(SLOS, MINUTE))
    assert rule_artefacts(SLOS, MINUTE)[0].text.startswith(f"# {GENERATED}\n")


def test_services_share_the_rule_files_and_have_tests_of_their_own():
    other = replace(BY_NAME["probes"], service="bakery")
    made = {artefact.path: artefact.text for artefact in rule_artefacts([*SLOS, other], MINUTE)}
    rules = [path for path in made if path.startswith("rules/")]
    assert rules == [
        names.BURN_RATE_RULE_FILE,
        names.RECORDING_RULE_FILE,
        names.TIME_SLICE_RULE_FILE,
    ]
    assert all(f"name: {name}/probes" in made[rules[0]] for name in ("bakery", "shop"))
    assert {path.split("/")[1].split("-")[0] for path in made if path not in rules} == {
        "bakery",
        "shop",
    }


def test_ratios_come_before_the_alerts_that_read_them_in_one_group():
    (text,) = [a.text for a in rule_artefacts(SLOS, 30_000) if a.path == names.BURN_RATE_RULE_FILE]
    groups = {group["name"]: group for group in YAML(typ="safe").load(text)["groups"]}
    orders = groups["shop/orders"]
    assert orders["interval"] == "30s"
    assert [rule.get("record") or rule["alert"] for rule in orders["rules"]] == [
        "slo:error_ratio:rate",
        "slo:error_ratio:rate",
        "slo:error_ratio:rate",
        "slo:current_burn_rate:ratio",
        "slo:events:rate",
        "OrdersBurnRatePage1h",
        "OrdersBurnRateTicket1d",
    ]


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_rule_holds_the_expression_that_the_engine_replays(name):
    slo = BY_NAME[name]
    recorded = {r["labels"]["window"]: r for r in rules(slo) if r.get("record")}
    assert set(recorded) >= {"1h", "5m"}
    assert recorded["1h"]["expr"] == error_ratio(slo.indicator, HOUR)
    assert recorded["1h"]["labels"] == {"service": "shop", "slo": name, "window": "1h"}


def test_every_field_of_an_alert_reaches_its_rule():
    assert alert(BY_NAME["orders"], "OrdersBurnRatePage1h") == {
        "alert": "OrdersBurnRatePage1h",
        "expr": (
            'slo:error_ratio:rate{service="shop",slo="orders",window="1h"} > (10.5 * 0.01)\n'
            "and ignoring(window)\n"
            'slo:error_ratio:rate{service="shop",slo="orders",window="5m"} > (10.5 * 0.01)'
        ),
        "for": "2m",
        "keep_firing_for": "15m",
        "labels": {
            "service": "shop",
            "slo": "orders",
            "severity": "page",
            "long_window": "1h",
        },
        "annotations": {
            "summary": (
                "Orders that are paid for: the error budget burns at more than 10.5 times its rate"
            ),
            "description": (
                "The error ratio over 1h is {{ $value | humanizePercentage }}, more than 10.5 %, "
                "and more than 10.5 % over 5m: a burn rate of 10.5 for an objective of 99 %. At "
                "that rate 1.56 % of the error budget (28d rolling) is spent in 1h, and all of it "
                "in 2.67 days."
            ),
            "runbook_url": "https://runbooks.example.com/orders",
            "owner": "checkout",
        },
    }


def test_one_window_is_compared_once():
    rule = alert(BY_NAME["orders"], "OrdersBurnRateTicket1d")
    expected = 'slo:error_ratio:rate{service="shop",slo="orders",window="1d"} > (3 * 0.01)'
    assert rule["expr"] == expected
    assert "for" not in rule


def test_factor_and_budget_keep_their_digits():
    slo = replace(BY_NAME["orders"], objective=Objective(Decimal("0.9999999")))
    guard = BurnRateAlert("odd", "page", HOUR, HOUR, 13.333333333333334)
    (rule,) = [r for r in rules(slo.with_policy(AlertPolicy((guard,)))) if "alert" in r]
    assert rule["expr"].endswith("> (13.333333333333334 * 0.0000001)")
    assert guard.threshold(slo.objective) == 13.333333333333334 * 0.0000001


def test_people_may_write_what_prometheus_would_expand():
    slo = replace(BY_NAME["orders"], display_name="{{ $labels.x }}", owner="a: 'b'\n#c")
    annotations = alert(slo, "OrdersBurnRatePage1h")["annotations"]
    assert annotations["summary"].startswith('{{ "{{" }} $labels.x }}:')
    assert annotations["owner"] == "a: 'b'\n#c"


def test_the_period_is_recorded_apart_and_more_seldom_than_samples_fade():
    (text,) = [a.text for a in rule_artefacts(SLOS, MINUTE) if a.path == names.RECORDING_RULE_FILE]
    groups = {group["name"]: group for group in YAML(typ="safe").load(text)["groups"]}
    probes = groups["shop/probes/period"]
    assert probes["interval"] == "4m"
    recorded = {rule["record"]: rule for rule in probes["rules"]}
    assert recorded["slo:objective:ratio"]["expr"] == "vector(0.98)"
    assert recorded["slo:error_budget:ratio"]["expr"] == "vector(0.02)"
    assert recorded["slo:period:seconds"]["expr"] == "vector(2592000)"
    assert recorded["slo:error_budget_remaining:ratio"]["expr"] == (
        "1 - sum without(window) "
        '(slo:error_ratio:rate{service="shop",slo="probes",window="30d"}) / 0.02'
    )
    # Months differ: neither a length nor a ratio over one.
    assert [rule["record"] for rule in groups["shop/errors/period"]["rules"]] == [
        "slo:objective:ratio",
        "slo:error_budget:ratio",
        *["slo:burn_rate_threshold:ratio"] * 4,
        "slo:info",
    ]


def test_every_alerts_burn_rate_is_recorded_with_its_windows():
    (text,) = [a.text for a in rule_artefacts(SLOS, MINUTE) if a.path == names.RECORDING_RULE_FILE]
    groups = YAML(typ="safe").load(text)["groups"]
    found = {
        rule["labels"]["alertname"]: (rule["expr"], rule["labels"])
        for group in groups
        for rule in group["rules"]
        if rule["record"] == names.BURN_RATE_THRESHOLD
    }
    alerts = {names.alert_name(s.name, a.name): a for s in SLOS for a in s.policy.alerts}
    assert sorted(found) == sorted(alerts)
    expr, labels = found["OrdersBurnRatePage1h"]
    assert expr == f"vector({alerts['OrdersBurnRatePage1h'].factor})"
    assert labels == {
        "service": "shop",
        "slo": "orders",
        "alertname": "OrdersBurnRatePage1h",
        "severity": "page",
        "long_window": "1h",
        "short_window": "5m",
    }


def test_a_period_that_is_a_window_too_is_recorded_once():
    slo = BY_NAME["orders"]
    guard = BurnRateAlert("whole", "ticket", slo.period.length, DAY, 1.0)
    slo = slo.with_policy(AlertPolicy((guard,)))
    everything = rules(slo) + rules(slo, [names.RECORDING_RULE_FILE])
    windows = [r["labels"].get("window") for r in everything if r.get("record")]
    assert windows.count("28d") == 1


def test_an_objective_without_alerts_still_says_what_it_promises():
    slo = BY_NAME["probes"].with_policy(AlertPolicy(()))
    assert [a.path for a in rule_artefacts([slo], MINUTE)] == [names.RECORDING_RULE_FILE]


def test_windows_of_more_slices_than_promtool_holds_stand_in_the_untested_file():
    gauge = counter_selector("depth")
    indicator = TimeSlices(gauge, "", "<", 1.0, 10_000)
    slo = replace(BY_NAME["queue"], indicator=indicator)
    slo = slo.with_policy(workbook_policy(slo.objective, slo.period))
    assert [a.path for a in rule_artefacts([slo], MINUTE)] == [names.RECORDING_RULE_FILE]
    assert any("alert" in rule for rule in rules(slo, [names.RECORDING_RULE_FILE]))
