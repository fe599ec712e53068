"""Chosen values in specifications: what is meant is written, and nothing else is touched."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slo.errors import ConfigError, SpecError
from slo.model.alert import AlertPolicy, BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.objective import Objective
from slo.spec import read_specs
from slo.spec.revision import revised

HEAD = """\
# Who wrote this and why.
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: shared-page}
spec:
  conditions:
    - kind: AlertCondition
      metadata:
        annotations: {slobook/short-window: 5m}
      spec:
        severity: page
        condition: {kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h}
---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: other   # uses the shared page, too
spec:
  service: shop
  indicator: &indicator
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'r_total{code="500"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: r_total}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]
  alertPolicies: [{alertPolicyRef: shared-page}]
---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: edited
  # a remark on the name
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'r_total{code="500"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: r_total}}}
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: "0.9990"  # agreed in May
"""

INLINE = """\
  alertPolicies:  # two of them
    # the fast one
    - alertPolicyRef: shared-page  # for everybody
    # the slow one
    - kind: AlertPolicy
      metadata:
        name: slow-ticket
      spec:
        conditions:
          - kind: AlertCondition
            metadata:
              annotations:
                slobook/short-window: "2h"  # in quotes
            spec:
              severity: ticket
              condition:
                kind: burnrate
                op: gt
                threshold: 3.0  # thrice
                lookbackWindow: 1d
                alertAfter: 0m
"""
UNINDENTED = INLINE.replace("    - kind: AlertPolicy", "- kind: AlertPolicy")
LAYOUTS = {
    "in place and by name": HEAD + INLINE,
    "none": HEAD,
    "in brackets": HEAD + "  alertPolicies: [shared-page]  # by name\n",
    "empty": HEAD + "  alertPolicies: []\n",
    "by name alone": HEAD + "  alertPolicies:\n    - shared-page\n",
    "dashes not indented": HEAD + "  alertPolicies:\n  - alertPolicyRef: shared-page\n",
    "more after it": HEAD + INLINE + "  description: >\n    The end\n    of it.\n\n# fin\n",
    "another document after it": HEAD + INLINE + "---\n# nothing\n",
}

alerts = st.builds(
    lambda kind, long, short, factor, hold, keep: (kind, long, short, factor, hold, keep),
    st.sampled_from(["page", "ticket"]),
    st.sampled_from([HOUR, 6 * HOUR, DAY]),
    st.sampled_from([5 * MINUTE, 30 * MINUTE, HOUR]),
    st.floats(1, 90).map(lambda value: float(f"{value:.3g}")),
    st.sampled_from([0, 2 * MINUTE, HOUR]),
    st.sampled_from([0, 0, 10 * MINUTE]),
).map(lambda parts: BurnRateAlert("?", *parts))
named = st.lists(
    st.tuples(st.sampled_from(["shared-page", "slow-ticket", "page-2h", "ticket-x"]), alerts),
    max_size=4,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: AlertPolicy(tuple(replace(alert, name=name) for name, alert in pairs)))


def comments(text):
    return re.findall(r"#[^\n\r]*", text)


def specs_of(path):
    return {one.name: one for one in read_specs([path]).slos}


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(sorted(LAYOUTS)),
    named,
    st.tuples(
        st.sampled_from(["0.9990", "0.99", "0.9995"]),
        st.sampled_from(["", "it's been tuned: 3 of 4 # seen", "tuned"]),
    ),
    st.booleans(),
)
def test_what_is_wanted_is_written_and_the_rest_stands(tmp_path, layout, policy, values, windows):
    text, (target, evidence) = LAYOUTS[layout], values
    path = tmp_path / "spec.yaml"
    path.write_bytes((text.replace("\n", "\r\n") if windows else text).encode())
    before = specs_of(path)
    wanted = replace(
        before["edited"], policy=policy, objective=Objective(Decimal(target)), evidence=evidence
    )
    revision = revised([path], before["edited"], wanted)
    revision.write()
    after = specs_of(path)
    assert after["other"] == before["other"]
    assert sorted(after["edited"].policy.alerts, key=str) == sorted(policy.alerts, key=str)
    assert after["edited"].objective == wanted.objective
    assert after["edited"].evidence == evidence
    assert b"\n" in path.read_bytes()
    assert (b"\r\n" in path.read_bytes()) == windows
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n") or not windows
    kept = [line for line in text[: text.index("  objectives:\n")].splitlines() if line]
    assert set(kept) <= set(path.read_text().splitlines())
    again = revised([path], after["edited"], after["edited"])
    assert again.before == again.after


def write(tmp_path, text=LAYOUTS["in place and by name"]):
    path = tmp_path / "spec.yaml"
    path.write_text(text)
    return path, specs_of(path)["edited"]


def changed(one, name, **values):
    return one.with_policy(
        AlertPolicy(tuple(replace(a, **values) if a.name == name else a for a in one.policy.alerts))
    )


def diff_lines(revision):
    return [line for line in revision.diff.splitlines()[2:] if line[0] in "+-"]


def test_another_burn_rate_changes_one_line_and_keeps_its_comment(tmp_path):
    path, one = write(tmp_path)
    revision = revised([path], one, changed(one, "slow-ticket", factor=2.5))
    assert diff_lines(revision) == [
        "-                threshold: 3.0  # thrice",
        "+                threshold: 2.5  # thrice",
    ]


def test_another_window_stays_in_its_quotes(tmp_path):
    path, one = write(tmp_path)
    revision = revised([path], one, changed(one, "slow-ticket", short=HOUR, hold=2 * MINUTE))
    assert diff_lines(revision) == [
        '-                slobook/short-window: "2h"  # in quotes',
        '+                slobook/short-window: "1h"  # in quotes',
        "-                alertAfter: 0m",
        "+                alertAfter: 2m",
    ]


def test_another_target_stays_in_its_quotes(tmp_path):
    path, one = write(tmp_path)
    revision = revised([path], one, one.with_objective(Objective(Decimal("0.995"))))
    assert diff_lines(revision) == [
        '-    - target: "0.9990"  # agreed in May',
        '+    - target: "0.995"  # agreed in May',
    ]


def test_a_shared_alert_is_never_changed(tmp_path):
    path, one = write(tmp_path)
    revision = revised([path], one, changed(one, "shared-page", factor=10.0))
    assert all("14.4" not in line for line in diff_lines(revision))
    revision.write()
    after = specs_of(path)
    assert after["other"].policy.alerts[0].factor == 14.4
    assert after["edited"].policy.alerts[0].factor == 10.0


def test_a_removed_alert_takes_its_lines_and_leaves_the_comments_above(tmp_path):
    path, one = write(tmp_path)
    revision = revised([path], one, one.with_policy(AlertPolicy(one.policy.alerts[1:])))
    assert diff_lines(revision) == ["-    - alertPolicyRef: shared-page  # for everybody"]


def test_every_comment_outside_of_what_is_replaced_stays(tmp_path):
    path, one = write(tmp_path)
    wanted = replace(changed(one, "slow-ticket", factor=2.0), evidence="tuned")
    text = path.read_text()
    assert comments(revised([path], one, wanted).after) == comments(text)


def test_evidence_stands_among_annotations_and_is_replaced_the_next_time(tmp_path):
    path, one = write(tmp_path)
    revised([path], one, replace(one, evidence="first")).write()
    again = specs_of(path)["edited"]
    revision = revised([path], again, replace(again, evidence="second"))
    assert diff_lines(revision) == [
        "-    slobook/evidence: 'first'",
        "+    slobook/evidence: 'second'",
    ]


def test_what_was_changed_since_it_was_read_is_not_overwritten(tmp_path):
    path, one = write(tmp_path)
    wanted = changed(one, "slow-ticket", factor=2.0)
    revision = revised([path], one, wanted)
    path.write_text(path.read_text().replace("0.9990", "0.998"))
    with pytest.raises(ConfigError, match="changed since it was read"):
        revision.write()
    with pytest.raises(ConfigError, match="changed since it was read"):
        revised([path], one, wanted)
    assert '"0.998"' in path.read_text()


def test_anchors_are_refused_by_line(tmp_path):
    anchored = INLINE.replace("alertPolicyRef: shared-page", "&page {alertPolicyRef: shared-page}")
    path, one = write(tmp_path, HEAD + anchored)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match=r"spec\.yaml:\d+: .*anchors"):
        revised([path], one, changed(one, "slow-ticket", factor=2.0))
    assert path.read_bytes() == before


def test_what_would_be_no_specification_is_not_written(tmp_path):
    path, one = write(tmp_path)
    before = path.read_bytes()
    with pytest.raises(SpecError, match="can never be exceeded"):
        revised([path], one, changed(one, "slow-ticket", factor=5000.0))
    assert path.read_bytes() == before


def test_a_byte_order_mark_stays(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + LAYOUTS["in place and by name"].encode())
    one = specs_of(path)["edited"]
    revised([path], one, changed(one, "slow-ticket", factor=2.0)).write()
    assert path.read_bytes().startswith(b"\xef\xbb\xbf# Who")
    assert specs_of(path)["edited"].policy.alerts[1].factor == 2.0


@pytest.mark.parametrize("name", ["ticket-success", "ai-resolution-rate"])
def test_every_objective_of_the_catalogue_can_be_edited(tmp_path, name):
    folder = Path(__file__).resolve().parents[3] / "slo" / "catalog" / "ai_support"
    for file in folder.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    one = specs_of(tmp_path)[name]
    page = BurnRateAlert("page-30m", "page", 30 * MINUTE, 5 * MINUTE, 1.4, 5 * MINUTE)
    wanted = one.with_policy(AlertPolicy((page, *one.policy.alerts[1:])))
    revised([tmp_path], one, wanted).write()
    after = specs_of(tmp_path)[name]
    assert set(after.policy.alerts) == set(wanted.policy.alerts)
    changed_files = [
        file.name
        for file in folder.glob("*.yaml")
        if (tmp_path / file.name).read_bytes() != file.read_bytes()
    ]
    assert changed_files == [f"{name}.yaml"]
