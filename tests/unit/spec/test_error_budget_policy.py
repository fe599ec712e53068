# ruff: noqa: E501  a complaint stands on its line
"""``kind: ErrorBudgetPolicy``."""

from decimal import Decimal
from pathlib import Path

import pytest

from slo.errors import SpecError
from slo.model.error_budget_policy import PolicyStep, default_policy
from slo.spec import read_specs
from tests.unit.spec.test_reading import GOOD

POLICY = """\
apiVersion: slobook/v1
kind: ErrorBudgetPolicy
metadata:
  name: releases
spec:
  service: shop
  kept: Go on.
  steps:
    - budgetLeftBelow: 0.5
      action: Look.
    - budgetLeftBelow: 0.25
      action: >
        Slow
        down.
  spent: Stop ${until}, but fix.
  incident:
    budgetSpentAbove: 0.2
    action: Write it up.
"""


def read(tmp_path, text):
    file = tmp_path / "spec.yaml"
    file.write_text(f"{text}---\n{GOOD}")
    return read_specs([file]).error_budget_policies


def faults(tmp_path, text):
    with pytest.raises(SpecError) as raised:
        read(tmp_path, text)
    return [str(fault).removeprefix(f"{tmp_path}/spec.yaml:") for fault in raised.value.faults]


def test_every_field_reaches_the_model(tmp_path):
    (policy,) = read(tmp_path, POLICY)
    assert (policy.name, policy.service, policy.kept) == ("releases", "shop", "Go on.")
    assert policy.steps == (
        PolicyStep(Decimal("0.25"), "Slow down."),
        PolicyStep(Decimal("0.5"), "Look."),
    )
    assert policy.spent == "Stop ${until}, but fix."
    assert (policy.incident_above, policy.incident) == (Decimal("0.2"), "Write it up.")
    assert policy.file == str(tmp_path / "spec.yaml")


def test_what_is_left_out_is_the_default_or_nothing(tmp_path):
    head, _, _ = POLICY.partition("  kept")
    (policy,) = read(tmp_path, f"{head}  spent: Stop.\n")
    assert policy.kept == default_policy("shop").kept
    assert (policy.steps, policy.incident_above, policy.incident) == ((), None, "")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("budgetLeftBelow: 0.5", "budgetLeftBelow: 50", "9: spec.steps[0].budgetLeftBelow: found '50', expected a share of the budget below 1"),
        ("budgetLeftBelow: 0.5", "budgetLeftBelow: half", "9: spec.steps[0].budgetLeftBelow: found 'half'"),
        ("budgetLeftBelow: 0.5", "budgetLeftBelow: 0.250", "spec.steps[1].budgetLeftBelow: found a second step below 0.25, expected each"),
        ("action: Look.", "action: Look ${until}.", "spec.steps[0].action: found ${until}, expected text"),
        ("spent: Stop ${until}", "spent: Stop ${when}", "spec.spent: found ${when}, expected text"),
        ("action: Look.", "action: ' '", "spec.steps[0].action: found nothing, expected what is to be done"),
        ("budgetSpentAbove: 0.2", "budgetSpentAbove: 0", "spec.incident.budgetSpentAbove: found '0'"),
        ("  spent: Stop ${until}, but fix.\n", "", "spec.spent"),
        ("kept: Go on.", "always: Go on.", "spec.always: found unknown field 'always'"),
        ("slobook/v1", "openslo/v1", "1: apiVersion: found 'openslo/v1', expected 'slobook/v1'"),
        ("service: shop", "service: bank", "found an ErrorBudgetPolicy for bank, which has no objective, expected a service with objectives: shop"),
    ],
)  # fmt: skip
def test_what_a_policy_cannot_mean_is_refused(before, after, complaint, tmp_path):
    assert before in POLICY
    (fault,) = faults(tmp_path, POLICY.replace(before, after, 1))
    assert complaint in fault


def test_a_service_has_one_policy(tmp_path):
    second = POLICY.replace("name: releases", "name: others")
    (fault,) = faults(tmp_path, f"{POLICY}---\n{second}")
    assert "a second ErrorBudgetPolicy for shop, expected one for each service; releases" in fault


def test_the_catalogues_policy_says_until_when():
    (policy,) = read_specs([Path("slo/catalog/ai_support")]).error_budget_policies
    assert policy.service == "support-agent"
    assert "${until}" in policy.spent
    assert policy.incident_above == Decimal("0.2")
