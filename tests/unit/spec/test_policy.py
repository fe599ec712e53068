import pytest

from slo.errors import SpecError
from slo.model.duration import DAY, HOUR, MINUTE
from slo.spec import read_specs

SLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: one}
spec:
  service: shop
  timeWindow: [{duration: 30d}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {spec: {query: bad_total}}}
        total: {metricSource: {spec: {query: all_total}}}
  alertPolicies:
"""

INLINE = """\
    - kind: AlertPolicy
      metadata: {{name: {name}, annotations: {{{policy_notes}}}}}
      spec:
        {policy}
        conditions:
          - kind: AlertCondition
            metadata: {{name: c, annotations: {{{condition_notes}}}}}
            spec:
              severity: {severity}
              condition: {{kind: burnrate, threshold: {threshold}, lookbackWindow: 6h{more}}}
"""

DEFAULTS = {
    "name": "guard",
    "policy_notes": "",
    "policy": "description: x",
    "condition_notes": "",
    "severity": "page",
    "threshold": "6",
    "more": "",
}


def inline(**fields: str) -> str:
    return INLINE.format(**{**DEFAULTS, **fields})


def alerts(folder, *policies: str, slo: str = SLO):
    path = folder / "slo.yaml"
    path.write_text(slo + "".join(policies))
    return read_specs([path]).slos[0].policy.alerts


def complaint(folder, *policies: str, slo: str = SLO) -> str:
    with pytest.raises(SpecError) as caught:
        alerts(folder, *policies, slo=slo)
    return str(caught.value)


def test_one_window_without_the_annotation(tmp_path):
    (alert,) = alerts(tmp_path, inline())
    assert (alert.name, alert.long, alert.short) == ("guard", 6 * HOUR, 6 * HOUR)
    assert (alert.hold, alert.keep_firing) == (0, 0)


@pytest.mark.parametrize("where", ["policy_notes", "condition_notes"])
def test_windows_stand_in_annotations_of_either(tmp_path, where):
    notes = "slobook/short-window: 30m, slobook/keep-firing-for: 1h30m, other/thing: 1"
    (alert,) = alerts(tmp_path, inline(**{where: notes}, more=", alertAfter: 2m"))
    assert (alert.short, alert.keep_firing, alert.hold) == (30 * MINUTE, 90 * MINUTE, 2 * MINUTE)


@pytest.mark.parametrize(
    ("word", "severity"),
    [("page", "page"), ("critical", "page"), ("ticket", "ticket"), ("warning", "ticket")],
)
def test_severities(tmp_path, word, severity):
    assert alerts(tmp_path, inline(severity=word))[0].severity == severity


def test_any_positive_factor_that_can_be_exceeded(tmp_path):
    assert alerts(tmp_path, inline(threshold="9.99"))[0].factor == 9.99
    assert alerts(tmp_path, inline(threshold="1e-3"))[0].factor == 0.001
    text = complaint(tmp_path, inline(threshold="10"))
    assert (
        "slo.yaml:16: spec.alertPolicies[0]: found alert policy 'guard' at a burn rate of 10"
        in text
    )
    assert text.endswith("expected less than 10: so fast an outage of everything burns 90 %")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"more": ", op: lte"}, "op: found 'lte', expected 'gt': the rules of Prometheus"),
        ({"threshold": "-1"}, "threshold: found '-1', expected a number above 0"),
        ({"threshold": "0"}, "threshold: found '0', expected a number above 0"),
        ({"severity": "pages"}, "severity: found 'pages', expected 'page'"),
        ({"severity": "sev1"}, "expected one of critical, page, ticket, warning"),
        ({"more": ", alertAfter: soon"}, "alertAfter: found 'soon', expected a duration"),
        (
            {"policy_notes": "slobook/short-window: 7h"},
            (
                "slobook/short-window: found '7h', expected a duration above 0 and up to the "
                "lookbackWindow of 6h"
            ),
        ),
        (
            {"policy_notes": "slobook/short-window: 0m"},
            "slobook/short-window: found '0m', expected a duration above 0",
        ),
        ({"policy": "alertWhenNoData: true"}, "alertWhenNoData: found true, expected false"),
        ({"policy": "alertWhenBreaching: false"}, "alertWhenBreaching: found false, expected true"),
        ({"name": "Guard!"}, "metadata.name: found 'Guard!', expected a name of lower-case"),
    ],
)
def test_what_cannot_be_an_alert_is_refused(tmp_path, fields, expected):
    assert expected in complaint(tmp_path, inline(**fields))


def test_alerts_of_an_objective_have_rules_of_their_own(tmp_path):
    text = complaint(tmp_path, inline(name="page-1h"), inline(name="page1h"))
    assert "found alert policy 'page1h', a second alert OneBurnRatePage1h" in text


def test_exactly_one_condition(tmp_path):
    policy = "    - {metadata: {name: a}, spec: {conditions: []}}\n"
    assert "spec.conditions: found 0 conditions, expected exactly one" in complaint(
        tmp_path, policy
    )


def test_windows_hold_at_least_a_time_slice(tmp_path):
    slices = SLO.replace("Occurrences", "Timeslices").replace(
        "target: 0.9", "target: 0.9, op: lt, value: 1, timeSliceWindow: 1h"
    )
    start, end = slices.index("      ratioMetric"), slices.index("  alertPolicies")
    metric = "      thresholdMetric: {metricSource: {spec: {query: depth}}}\n"
    slices = slices[:start] + metric + slices[end:]
    text = complaint(tmp_path, inline(policy_notes="slobook/short-window: 30m"), slo=slices)
    assert "with a window of 30m, expected windows of at least a time slice, 1h" in text
    # The default leaves such alerts out: of the workbook's, only those by the day stay.
    kept = alerts(tmp_path, slo=slices.replace("  alertPolicies:\n", ""))
    assert [alert.long for alert in kept] == [DAY, 3 * DAY]
