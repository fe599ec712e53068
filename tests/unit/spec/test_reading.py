from pathlib import Path

import pytest

from slo.errors import SpecError
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.slo import Service
from slo.spec import read_specs

GOOD = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: orders
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: orders_total{state="failed"}
        total:
          metricSource:
            type: Prometheus
            spec:
              query: orders_total
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.99
"""

SERVICE = "apiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: {name}\nspec: {{}}\n"

POLICY = """\
apiVersion: openslo/v1
kind: AlertPolicy
metadata:
  name: page-1h
  annotations:
    slobook/short-window: 5m
spec:
  conditions:
    - spec:
        severity: page
        condition:
          kind: burnrate
          op: gt
          threshold: 14.4
          lookbackWindow: 1h
          alertAfter: 2m
"""


def read(folder: Path, *texts: str):
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text)
    return read_specs([folder])


def complaints(folder: Path, *texts: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        read(folder, *texts)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def test_one_object_is_enough(tmp_path):
    specs = read(tmp_path, GOOD)
    assert specs.services == (Service("shop"),)
    assert [slo.name for slo in specs.slos] == ["orders"]
    assert specs.slos[0].file == str(tmp_path / "0.yaml")
    # Without alertPolicies: the workbook's.
    assert [(a.name, a.factor) for a in specs.slos[0].policy.alerts] == [
        ("page-1h", 14.4),
        ("page-6h", 6),
        ("ticket-1d", 3),
        ("ticket-3d", 1),
    ]


def test_an_empty_list_of_policies_means_none(tmp_path):
    assert read(tmp_path, GOOD + "  alertPolicies: []\n").slos[0].policy.alerts == ()


def test_objects_refer_to_each_other_across_files(tmp_path):
    specs = read(tmp_path, GOOD + "  alertPolicies: [page-1h]\n", POLICY)
    (alert,) = specs.slos[0].policy.alerts
    assert (alert.name, alert.severity, alert.factor) == ("page-1h", "page", 14.4)
    assert (alert.long, alert.short, alert.hold) == (HOUR, 5 * MINUTE, 2 * MINUTE)


def test_files_and_folders_are_read_once(tmp_path):
    nested = tmp_path / "a" / "b"
    nested.mkdir(parents=True)
    (nested / "one.yml").write_text(GOOD)
    (tmp_path / "notes.txt").write_text("not YAML: [")
    assert len(read_specs([tmp_path, nested / "one.yml", nested]).slos) == 1


def test_all_faults_of_all_files_are_listed_in_order(tmp_path):
    first = replaced(GOOD, "target: 0.99", "target: 99.9").replace("30d", "thirty days")
    second = replaced(GOOD, "objectives:", "objektives:").replace("name: orders", "name: other")
    assert complaints(tmp_path, first, second) == [
        (
            "0.yaml:22: spec.timeWindow[0].duration: found 'thirty days', expected a duration such "
            "as 5m, 1h, 30d, 4w, 1M, 1Q, 1Y, or 1h30m"
        ),
        (
            "0.yaml:26: spec.objectives[0].target: found 99.9, expected a share below 1: write "
            "target: 0.999 or targetPercent: 99.9"
        ),
        "1.yaml:5: spec.objectives: found nothing, expected a field 'objectives'",
        "1.yaml:25: spec.objektives: found unknown field 'objektives', expected 'objectives'",
    ]


def test_an_unknown_field_without_a_likeness_names_the_choice(tmp_path):
    assert complaints(tmp_path, GOOD + "    - zzz: 1\n")[0] == (
        "0.yaml:27: spec.objectives[1].zzz: found unknown field 'zzz', expected one of "
        "compositeWeight, displayName, indicator, indicatorRef, op, target, targetPercent, "
        "timeSliceTarget, timeSliceWindow, value"
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "kind: SLO",
            "kind: SLOO",
            "0.yaml:2: kind: found 'SLOO', expected 'SLO'",
        ),
        (
            "openslo/v1",
            "openslo/v1alpha",
            (
                "0.yaml:1: apiVersion: found 'openslo/v1alpha', expected 'openslo/v1'; objects of "
                "openslo/v1alpha have other fields and must be rewritten"
            ),
        ),
        (
            "apiVersion: openslo/v1",
            "version: prometheus/v1",
            "0.yaml:1: apiVersion: found nothing, expected 'openslo/v1'",
        ),
        (
            "name: orders",
            "name: Orders_total",
            (
                "0.yaml:4: metadata.name: found 'Orders_total', expected a name of lower-case "
                "letters, digits and '-', such as 'ticket-success', at most 63 characters"
            ),
        ),
        (
            "metadata:\n  name: orders",
            "metadata: orders",
            (
                "0.yaml:3: metadata: found 'orders', expected a mapping with the fields name, "
                "displayName, labels, annotations"
            ),
        ),
        (
            "  name: orders",
            "  name: orders\n  name: again",
            (
                "0.yaml:5: metadata.name: found 'name' a second time, expected each field once; it "
                "stands on line 4 already"
            ),
        ),
        (
            "  name: orders",
            "  name: orders\n  annotations:\n    slobook/ownr: me",
            (
                "0.yaml:6: metadata.annotations.slobook/ownr: found unknown annotation "
                "'slobook/ownr', expected 'slobook/owner'"
            ),
        ),
        (
            "counter: true",
            "counter: perhaps",
            (
                "0.yaml:10: spec.indicator.spec.ratioMetric.counter: found 'perhaps', expected "
                "true or false"
            ),
        ),
        (
            "type: Prometheus",
            "type: Datadog",
            (
                "0.yaml:13: spec.indicator.spec.ratioMetric.bad.metricSource.type: found "
                "'Datadog', expected 'Prometheus' or 'prometheus'"
            ),
        ),
        (
            "budgetingMethod: Occurrences",
            "budgetingMethod: RatioTimeslices",
            (
                "0.yaml:24: spec.budgetingMethod: found RatioTimeslices with a ratioMetric, "
                "expected Occurrences, or a thresholdMetric"
            ),
        ),
        (
            "name: orders",
            "name: !!python/object/apply:os.system ['true']",
            (
                "0.yaml:4: metadata.name: found the tag "
                "tag:yaml.org,2002:python/object/apply:os.system, expected plain YAML without tags"
            ),
        ),
        (
            "service: shop",
            "service: [shop",
            "0.yaml:7: found malformed text (expected ',' or ']', but got ':'), expected YAML",
        ),
    ],
)
def test_a_fault_names_its_line_and_field(tmp_path, old, new, expected):
    assert expected in complaints(tmp_path, replaced(GOOD, old, new))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "0.yaml: found no document, expected objects of apiVersion openslo/v1"),
        ("---\n---\n", "0.yaml: found no document, expected objects of apiVersion openslo/v1"),
        ("just text", "0.yaml:1: found 'just text', expected an object with apiVersion, kind,"),
        ("- a\n- b\n", "0.yaml:1: found a list, expected an object with apiVersion, kind,"),
        ("a: &a [*a]\n", "found fields nested or repeated without end"),
        ("\t", "0.yaml:1: found "),
    ],
)
def test_what_is_no_object_is_refused(tmp_path, text, expected):
    (complaint,) = complaints(tmp_path, text)
    assert expected in complaint


def test_aliases_may_be_used_but_not_to_fill_the_memory(tmp_path):
    (tmp_path / "good.yaml").write_text(
        replaced(GOOD, "name: orders", "name: &name orders").replace("shop", "*name")
    )
    assert read_specs([tmp_path / "good.yaml"]).slos[0].service == "orders"
    layers = "\n".join(f"{chr(98 + i)}: &{chr(98 + i)} [{'*' + chr(97 + i)}" for i in range(9))
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
        f"{line}{f', *{chr(97 + i)}' * 8}]" for i, line in enumerate(layers.splitlines())
    )
    assert "repeated without end" in complaints(tmp_path, bomb)[0]


def test_files_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SpecError) as caught:
        read_specs([tmp_path / "binary.yaml", tmp_path / "empty", tmp_path / "missing.yaml"])
    assert str(caught.value).replace(f"{tmp_path}/", "").splitlines() == [
        "binary.yaml: found bytes that are not UTF-8 (invalid start byte), expected text",
        "empty: found no file, expected YAML files (*.yaml or *.yml)",
        "missing.yaml: found No such file or directory, expected a readable file",
    ]


def test_names_are_unique_by_kind_and_those_of_objectives_by_service(tmp_path):
    other = replaced(GOOD, "service: shop", "service: bakery")
    assert [slo.service for slo in read(tmp_path, GOOD, other).slos] == ["shop", "bakery"]
    assert complaints(tmp_path, GOOD, other, GOOD) == [
        (
            "2.yaml:4: metadata.name: found a second SLO named 'orders', expected a name of its "
            "own; the first stands at 0.yaml:4"
        )
    ]


def test_references_suggest_the_nearest_name(tmp_path):
    service = SERVICE.format(name="shops")
    slo = GOOD + "  alertPolicies: [page-h1, {alertPolicyRef: xyz}]\n"
    slo = slo[: slo.index("  indicator:")] + "  indicatorRef: orders\n" + slo[slo.index("  time") :]
    assert complaints(tmp_path, slo, service, POLICY) == [
        "0.yaml:6: spec.service: found 'shop', expected 'shops'",
        (
            "0.yaml:7: spec.indicatorRef: found 'orders', expected a reference to an object of "
            "kind SLI, but there is none"
        ),
        "0.yaml:14: spec.alertPolicies[0]: found 'page-h1', expected 'page-1h'",
        (
            "0.yaml:14: spec.alertPolicies[1]: found 'xyz', expected a reference to one of the "
            "kind AlertPolicy: page-1h"
        ),
    ]


def test_a_broken_object_is_reported_once_and_not_as_missing(tmp_path):
    policy = replaced(POLICY, "threshold: 14.4", "threshold: fast")
    slo = GOOD + "  alertPolicies: [page-1h]\n"
    second = replaced(slo, "name: orders", "name: more-orders")
    assert complaints(tmp_path, slo, second, policy) == [
        (
            "2.yaml:14: spec.conditions[0].spec.condition.threshold: found 'fast', expected a "
            "number of at most 20 digits"
        )
    ]
    shapeless = replaced(POLICY, "conditions:", "condition:")
    assert all("2.yaml" in line for line in complaints(tmp_path, slo, second, shapeless))


def test_periods_roll_or_follow_the_calendar(tmp_path):
    period = read(tmp_path, replaced(GOOD, "30d", "1Q")).slos[0].period
    assert period.length == 90 * DAY
    calendar = (
        "duration: 1M\n      calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin}"
    )
    text = replaced(GOOD, "duration: 30d\n      isRolling: true", calendar)
    period = read(tmp_path, text).slos[0].period
    # November 2026 in Berlin: 2026-10-31 23:00 to 2026-11-30 23:00 UTC.
    bounds = period.bounds(1_794_700_800_000)
    assert (bounds.start, bounds.end) == (1_793_487_600_000, 1_796_079_600_000)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (
            "{duration: 30d, isRolling: false}",
            (
                "found false without a calendar, expected isRolling: true, or a calendar with "
                "startTime and timeZone"
            ),
        ),
        (
            "{duration: 1M, isRolling: true, calendar: {startTime: 2026-01-01, timeZone: UTC}}",
            "found true beside a calendar",
        ),
        (
            "{duration: 12h, calendar: {startTime: 2026-01-01, timeZone: UTC}}",
            "found '12h', expected whole days, weeks, months, quarters or years",
        ),
        (
            "{duration: 1M, calendar: {startTime: 2026-01-01, timeZone: Europe/Berln}}",
            "found 'Europe/Berln', expected 'Europe/Berlin'",
        ),
        (
            "{duration: 1M, calendar: {startTime: 2026-02-30, timeZone: UTC}}",
            "found '2026-02-30', expected a date and time between 1970 and 2200",
        ),
        ("{duration: 0d}", "found '0d', expected a duration above 0"),
        ("{duration: 11Y}", "found '11Y', expected a duration of at most ten years"),
        ("{duration: 30d}, {duration: 7d}", "found 2 windows, expected a list of exactly one"),
    ],
)
def test_periods_that_say_no_period_are_refused(tmp_path, window, expected):
    text = replaced(GOOD, "\n    - duration: 30d\n      isRolling: true", f" [{window}]")
    (complaint,) = complaints(tmp_path, text)
    assert expected in complaint


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("target: 1", "found '1', expected more than 0 and less than 1"),
        ("target: 0", "found '0', expected more than 0 and less than 1"),
        ("target: 100", "found '100', expected more than 0 and less than 1"),
        ("target: '0,99'", "found '0,99', expected a number of at most 20 digits"),
        ("target: .nan", "found '.nan', expected a number of at most 20 digits"),
        ("target: 1e-300", "found '1e-300', expected a number of at most 20 digits"),
        ("targetPercent: 0.999", "write target: 0.999 or targetPercent: 99.9"),
        ("targetPercent: 100", "expected more than 0 and less than 100"),
        ("displayName: x", "found neither, expected one of target (such as 0.999) and"),
        ("{target: 0.9, targetPercent: 90}", "found both, expected one of target"),
    ],
)
def test_objectives_lie_between_0_and_1(tmp_path, target, expected):
    (complaint,) = complaints(tmp_path, replaced(GOOD, "target: 0.99", target))
    assert expected in complaint


def test_an_objective_keeps_its_digits(tmp_path):
    text = replaced(GOOD, "target: 0.99", "targetPercent: 99.95000000000001")
    objective = read(tmp_path, text).slos[0].objective
    assert str(objective.error_budget) == "0.0004999999999999"


def test_several_objectives_are_refused(tmp_path):
    (complaint,) = complaints(tmp_path, GOOD + "    - target: 0.999\n")
    assert "found 2 objectives, expected exactly one; write an SLO of its own for" in complaint
