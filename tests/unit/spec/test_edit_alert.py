"""Chosen thresholds in specifications: what is meant is written, and nothing else is touched."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slo.errors import ConfigError
from slo.model.duration import HOUR, MINUTE
from slo.spec import read_specs
from slo.spec.revision import all_revised

HEAD = """\
# What people feel.
apiVersion: slobook/v1
kind: ThresholdAlert
metadata:
  name: queue   # everybody calls it so
spec:
  service: shop
  severity: warning
  expression: max(queue_depth)
  op: gt
  threshold: 0.50  # of the table
"""
TAIL = """\
  summary: The queue is long
  description: >
    Work waits.
# The end.
"""
LAYOUTS = {
    "with neither": HEAD + TAIL,
    "with for": HEAD + '  for: "5m"  # quoted\n' + TAIL,
    "with both": HEAD + "  for: 5m\n  keepFiringFor: 10m\n" + TAIL,
    "keep first": HEAD.replace("  op", "  keepFiringFor: 1m\n  op") + TAIL,
    "windows line ends": (HEAD + TAIL).replace("\n", "\r\n"),
    "in a second document": HEAD.replace("queue ", "other ") + TAIL + "---\n" + HEAD + TAIL,
}


def alert_in(path, name="queue"):
    return next(one for one in read_specs([path]).alerts if one.name == name)


def with_numbers(one, **numbers):
    return replace(one, alert=replace(one.alert, **numbers))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    layout=st.sampled_from(sorted(LAYOUTS)),
    threshold=st.floats(1e-6, 1e6).map(lambda value: float(f"{value:.4g}")),
    hold=st.sampled_from([0, MINUTE, 5 * MINUTE, 2 * HOUR]),
    keep=st.sampled_from([0, MINUTE, 10 * MINUTE]),
)
def test_what_is_wanted_is_what_is_read_back(tmp_path, layout, threshold, hold, keep):
    path = tmp_path / "alerts.yaml"
    path.write_bytes(LAYOUTS[layout].encode())
    present = alert_in(path)
    wanted = with_numbers(present, threshold=threshold, hold=hold, keep_firing=keep)
    (revision,) = all_revised([path], [(present, wanted)]).files
    revision.write()
    assert alert_in(path) == wanted
    text = path.read_bytes().decode()
    for comment in (
        "# What people feel.",
        "# everybody calls it so",
        "# of the table",
        "# The end",
    ):
        assert text.count(comment) == LAYOUTS[layout].count(comment)
    changed = [line[1:] for line in revision.diff.splitlines()[3:] if line[0] in "+-"]
    assert {line.split(":")[0].strip() for line in changed} <= {"threshold", "for", "keepFiringFor"}


def test_only_the_lines_that_change_differ(tmp_path):
    path = tmp_path / "alerts.yaml"
    path.write_text(LAYOUTS["with for"])
    present = alert_in(path)
    wanted = with_numbers(present, threshold=0.75, hold=10 * MINUTE, keep_firing=MINUTE)
    (revision,) = all_revised([path], [(present, wanted)]).files
    changed = [line for line in revision.diff.splitlines()[3:] if line[0] in "+-"]
    assert changed == [
        "-  threshold: 0.50  # of the table",
        '-  for: "5m"  # quoted',
        "+  threshold: 0.75  # of the table",
        '+  for: "10m"  # quoted',
        "+  keepFiringFor: 1m",
    ]
    assert revision.line == 11


def refusal(tmp_path, text, name="queue"):
    path = tmp_path / "alerts.yaml"
    path.write_text(text)
    present = alert_in(path, name)
    with pytest.raises(ConfigError) as refused:
        all_revised([path], [(present, with_numbers(present, threshold=9.0, hold=HOUR))])
    assert path.read_text() == text
    return str(refused.value).removeprefix(str(path))


def test_an_alert_that_was_changed_meanwhile_is_left_alone(tmp_path):
    path = tmp_path / "alerts.yaml"
    path.write_text(HEAD + TAIL)
    present = alert_in(path)
    path.write_text((HEAD + TAIL).replace("0.50", "0.60"))
    with pytest.raises(ConfigError, match="queue was changed since it was read; nothing is writ"):
        all_revised([path], [(present, with_numbers(present, threshold=9.0))])


def test_an_alert_of_a_cost_budget_follows_from_its_burn_rate(tmp_path):
    text = """\
apiVersion: slobook/v1
kind: CostBudget
metadata: {name: money}
spec:
  service: shop
  cost: cost_dollars_total
  usd: 100
  timeWindow: [{duration: 30d, isRolling: true}]
  alerts: [{name: burning, severity: ticket, burnRate: 3, window: 1d}]
"""
    assert "one of a CostBudget follows from its burnRate" in refusal(
        tmp_path, text, "money-burning"
    )


def test_one_of_several_cannot_be_edited_alone(tmp_path):
    text = (HEAD + TAIL).replace(
        "   # everybody calls it so", "\n  annotations:\n    slobook/each: town=bonn,kiel"
    )
    text = text.replace("max(queue_depth)", 'max(queue_depth{town="${town}"})')
    assert "slobook/each reads once for each value" in refusal(tmp_path, text, "queue-bonn")


def test_a_spec_in_brackets_has_no_place_for_a_new_line(tmp_path):
    text = """\
apiVersion: slobook/v1
kind: ThresholdAlert
metadata: {name: queue}
spec: {service: shop, severity: warning, expression: max(queue_depth), op: gt, threshold: 3,
       summary: Long, description: It waits.}
"""
    assert refusal(tmp_path, text).startswith(":4: the spec of queue is written in brackets")
