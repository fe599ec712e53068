"""``kind: CostModel``: what counters cannot say about cost, and every fault of it at once."""

import pytest

from slo.errors import SpecError
from slo.model.cost_model import ALWAYS, CategoryBudget, ContractPrice, FixedCost, Validity
from slo.model.duration import DAY
from slo.model.objective import RollingPeriod, period_at
from slo.model.span import Span, Week
from slo.spec import read_specs
from tests.unit.spec.test_own_kinds import BUDGET

MODEL = """\
apiVersion: slobook/v1
kind: CostModel
metadata:
  name: shop-costs
  displayName: What the shop pays
spec:
  service: shop
  owner: finance
  fixed:
    - name: Telephony base fee
      usdPerMonth: 600
      from: 2026-11-10
      until: 2026-12-31
      description: >
        Contract until the year ends.
    - {name: Support desk, usdPerMonth: 1450.50}
  categories:
    - {category: billing, usd: 900}
    - category: complaint
      usd: 150
      timeWindow:
        - duration: 30d
  humanTicket:
    usd: 6.5
    categories: {complaint: 11, billing: 7}
  prices:
    - {provider: acme, model: large, tokenType: input, usdPerMillion: 3, until: 2026-11-17}
    - {provider: acme, model: large, tokenType: input, usdPerMillion: 2.4, from: 2026-11-18}
    - {provider: acme, model: large, tokenType: output, usdPerMillion: 0}
"""
WEEK = Week.parse("2026-W47").span
TUESDAY = WEEK.start + DAY


def read(tmp_path, text: str):
    file = tmp_path / "spec.yaml"
    file.write_text(f"{text}---\n{BUDGET}")
    return read_specs([file])


def faults(tmp_path, text: str) -> list[str]:
    with pytest.raises(SpecError) as raised:
        read(tmp_path, text)
    return [str(fault).removeprefix(f"{tmp_path}/spec.yaml:") for fault in raised.value.faults]


def test_every_field_reaches_the_model(tmp_path):
    (model,) = read(tmp_path, MODEL).cost_models
    assert (model.name, model.service, model.owner) == ("shop-costs", "shop", "finance")
    assert model.title == "What the shop pays"
    first_day, new_year = WEEK.start - 6 * DAY, WEEK.start + 46 * DAY
    assert model.fixed == (
        FixedCost(
            "Telephony base fee",
            600,
            Validity(first_day, new_year),
            "Contract until the year ends.",
        ),
        FixedCost("Support desk", 1450.5),
    )
    billing, complaint = model.categories
    assert (billing.category, billing.dollars) == ("billing", 900)
    assert complaint == CategoryBudget("complaint", 150, RollingPeriod(30 * DAY))
    assert model.human_ticket.dollars == 6.5
    assert model.human_ticket.by_category == (("billing", 7), ("complaint", 11))
    wednesday = WEEK.start + 2 * DAY
    assert model.prices == (
        ContractPrice("acme", "large", "input", 3, Validity(None, wednesday)),
        ContractPrice("acme", "large", "input", 2.4, Validity(wednesday, None)),
        ContractPrice("acme", "large", "output", 0),
    )


def test_a_budget_of_a_category_is_for_the_calendar_month_in_utc_unless_told(tmp_path):
    (model,) = read(tmp_path, MODEL).cost_models
    period = model.categories[0].period
    november = Span(WEEK.start - 15 * DAY, WEEK.start + 15 * DAY)
    assert period.bounds(WEEK.start) == november
    assert period_at(period, WEEK.start) == "calendar month (2026-11-01 to 2026-12-01)"


def test_the_last_day_is_one_of_the_days(tmp_path):
    (model,) = read(tmp_path, MODEL).cost_models
    old, new, _ = model.prices
    assert (old.valid.holds(TUESDAY), new.valid.holds(TUESDAY)) == (True, False)
    assert (old.valid.holds(TUESDAY + DAY), new.valid.holds(TUESDAY + DAY)) == (False, True)
    assert [str(one.valid) for one in model.prices] == [
        "until 2026-11-17",
        "from 2026-11-18",
        "always",
    ]
    assert str(model.fixed[0].valid) == "from 2026-11-10 until 2026-12-31"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (ALWAYS, ALWAYS, True),
        (Validity(None, 10), Validity(10, None), False),
        (Validity(None, 11), Validity(10, None), True),
        (Validity(5, 10), ALWAYS, True),
        (Validity(5, 10), Validity(12, 20), False),
        (Validity(5, 30), Validity(12, 20), True),
    ],
)
def test_days_overlap_or_do_not(one, other, expected):
    assert one.overlaps(other) is other.overlaps(one) is expected


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        (
            "service: shop",
            "service: shpo",
            "7: spec.service: found 'shpo', which has none, expected a service with a CostBudget",
        ),
        ("600", "0", "11: spec.fixed[0].usdPerMonth: found '0', expected a number above 0"),
        (
            "usdPerMonth: 600",
            "usdPerMonth: 600\n      usd: 1",
            "12: spec.fixed[0].usd: found unknown field 'usd', expected",
        ),
        ("600", "many", "11: spec.fixed[0].usdPerMonth: found 'many', expected a number"),
        (
            "from: 2026-11-10",
            "from: 2026-11-31",
            "12: spec.fixed[0].from: found '2026-11-31', expected a date between 1970 and 2200",
        ),
        ("from: 2026-11-10", "from: 10.11.2026", "12: spec.fixed[0].from: found '10.11.2026'"),
        (
            "until: 2026-12-31",
            "until: 2026-11-09",
            "13: spec.fixed[0].until: found '2026-11-09', expected the last day, 2026-11-10 or",
        ),
        ("name: Support desk", "name: ''", "16: spec.fixed[1].name: found '', expected one line"),
        (
            "name: Support desk",
            "name: Telephony base fee",
            "16: spec.fixed[1].name: found a second 'Telephony base fee', expected one",
        ),
        ("usd: 900", "usd: -900", "18: spec.categories[0].usd: found '-900', expected a number"),
        (
            "category: complaint",
            "category: billing",
            "19: spec.categories[1].category: found a second 'billing'",
        ),
        (
            "duration: 30d",
            "duration: soon",
            "22: spec.categories[1].timeWindow[0].duration: found 'soon', expected a duration",
        ),
        ("usd: 6.5", "usd: free", "24: spec.humanTicket.usd: found 'free', expected a number"),
        ("complaint: 11", "complaint: 0", "25: spec.humanTicket.categories.complaint: found '0'"),
        ("usdPerMillion: 0", "usdPerMillion: -1", "29: spec.prices[2].usdPerMillion: found '-1'"),
        (
            "from: 2026-11-18",
            "from: 2026-11-17",
            "28: spec.prices[1].model: found a second 'acme large input', expected one for each "
            "day; the first stands at",
        ),
        (
            "tokenType: output, ",
            "",
            "29: spec.prices[2].tokenType: found nothing, expected a field",
        ),
        ("owner: finance", "currency: EUR", "8: spec.currency: found unknown field 'currency'"),
        ("slobook/v1", "openslo/v1", "1: apiVersion: found 'openslo/v1', expected 'slobook/v1'"),
    ],
)
def test_what_a_cost_model_cannot_mean_is_refused(before, after, complaint, tmp_path):
    assert before in MODEL
    (fault,) = faults(tmp_path, MODEL.replace(before, after, 1))
    assert complaint in fault


def test_all_faults_are_told_at_once(tmp_path):
    text = MODEL
    for before, after in (
        ("600", "much"),
        ("usd: 900", "usd: 0"),
        ("usd: 6.5", "usd: x"),
        ("usdPerMillion: 2.4", "usdPerMillion: y"),
        ("until: 2026-11-17", "until: never"),
    ):
        text = text.replace(before, after, 1)
    assert [fault.partition(": found")[0] for fault in faults(tmp_path, text)] == [
        "11: spec.fixed[0].usdPerMonth",
        "18: spec.categories[0].usd",
        "24: spec.humanTicket.usd",
        "27: spec.prices[0].until",
        "28: spec.prices[1].usdPerMillion",
    ]


def test_a_service_has_one_cost_model(tmp_path):
    again = MODEL.replace("name: shop-costs", "name: other")
    (fault,) = faults(tmp_path, f"{MODEL}---\n{again}")
    assert "spec.service: found a second CostModel of 'shop', expected one a service" in fault
    assert fault.endswith("spec.yaml:7")
    assert fault.startswith("37: ")


def test_a_model_that_says_nothing_is_refused(tmp_path):
    bare = MODEL.partition("  fixed:")[0]
    (fault,) = faults(tmp_path, bare)
    assert "spec: found none of them, expected at least one of fixed, categories" in fault
    (fault,) = faults(tmp_path, f"{bare}  humanTicket: {{}}\n")
    assert "spec.humanTicket: found neither, expected usd, categories or both" in fault


def test_it_is_not_one_for_each_value(tmp_path):
    text = MODEL.replace("  name: shop-costs\n", "  name: x\n  annotations: {slobook/each: a=b}\n")
    (fault,) = faults(tmp_path, text)
    assert "unknown annotation 'slobook/each'" in fault
