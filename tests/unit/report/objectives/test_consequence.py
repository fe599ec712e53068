"""What a policy asks for, and until when."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from slo.budget import BudgetStatus
from slo.model.duration import DAY
from slo.model.error_budget_policy import ErrorBudgetPolicy, PolicyStep, default_policy
from slo.model.objective import CalendarPeriod
from slo.report.objectives.consequence import consequence, until
from slo.report.objectives.spending import Spending
from slo.tune.projection import Crossing, Projection
from tests.shop import SPAN, availability, incident, stretch

NOTHING = np.empty(0)
POLICY = ErrorBudgetPolicy(
    service="shop",
    kept="Go on.",
    steps=(PolicyStep(Decimal("0.25"), "Slow down."), PolicyStep(Decimal("0.5"), "Look.")),
    spent="Stop ${until}, but fix.",
    incident_above=Decimal("0.2"),
    incident="Write it up.",
)


def status(remaining, slo=None, coverage=1.0):
    return BudgetStatus(
        slo or availability(),
        SPAN,
        SPAN.end,
        bad=100 * (1 - remaining),
        total=10_000,
        expected=10_000,
        coverage=coverage,
    )


def back(*days, chance=1.0):
    """The history ends on Monday 23 November."""
    at = [None if day is None else SPAN.end + day * DAY for day in days]
    return Projection(
        SPAN.end + 21 * DAY, NOTHING, NOTHING, NOTHING, NOTHING, None, Crossing(*at, chance), 28
    )


UNKNOWN = Projection(SPAN.end, NOTHING, NOTHING, NOTHING, NOTHING, None, None, 3)


@pytest.mark.parametrize(
    ("remaining", "action"),
    [(1.0, "Go on."), (0.5, "Go on."), (0.49, "Look."), (0.25, "Look."), (0.2, "Slow down.")],
)
def test_the_lowest_step_that_holds_decides(remaining, action):
    found = consequence(POLICY, status(remaining), UNKNOWN, ())
    assert found.action == action
    assert found.until is None


@pytest.mark.parametrize("remaining", [0.0, -0.3])
def test_a_spent_budget_says_until_when(remaining):
    found = consequence(POLICY, status(remaining), back(2, 3, 9), ())
    assert (
        found.action
        == "Stop until Thursday 26 November (between 25 November and 2 December), but fix."
    )
    assert found.until.likely == SPAN.end + 3 * DAY


@pytest.mark.parametrize(
    ("projection", "words"),
    [
        (back(3, 3, 3), "until Thursday 26 November"),
        (back(2, 3, None), "until Thursday 26 November (25 November at the earliest, perhaps after 14 December)"),  # noqa: E501
        (back(3, 3, None), "until Thursday 26 November (perhaps after 14 December)"),
        (back(2, None, None), "until the budget is back (25 November at the earliest, likely after 14 December)"),  # noqa: E501
        (back(None, None, None, chance=0.0), "until the budget is back, hardly before 14 December"),
        (UNKNOWN, "until the budget is back"),
    ],
)  # fmt: skip
def test_how_sure_the_day_is_is_said(projection, words):
    assert until(status(-1), projection) == words


def test_a_calendar_period_ends_when_it_ends():
    monthly = availability(period=CalendarPeriod(1, "M", datetime(2026, 11, 1, tzinfo=UTC)))
    projection = Projection(SPAN.end, NOTHING, NOTHING, NOTHING, NOTHING, None, None, 3)
    found = consequence(POLICY, status(-1, monthly), projection, ())
    assert found.action == "Stop until Monday 23 November (when the next period begins), but fix."


def test_too_little_data_has_no_consequence():
    found = consequence(POLICY, status(-1, coverage=0.3), back(2, 3, 9), ())
    assert (found.action, found.until, found.incidents) == ("", None, ())


def test_an_incident_that_spends_more_than_the_policy_lets_pass_is_named():
    rows = [
        Spending(incident(stretch(1, 1), name), 1.0, 0.5, 0.1, share)
        for name, share in (("small", 0.2), ("large", 0.21))
    ]
    rest = Spending(None, 1.0, 0.5, 0.9, float("nan"))
    found = consequence(POLICY, status(0.9), UNKNOWN, (*rows, rest))
    assert [one.incident.name for one in found.incidents] == ["large"]
    assert found.for_incidents == "Write it up."
    assert consequence(POLICY, status(0.9), UNKNOWN, (rows[0], rest)).for_incidents == ""


def test_without_a_policy_of_its_own_a_service_has_the_workbooks():
    policy = default_policy("shop")
    assert policy.action(0.9) == "Release as planned."
    assert policy.action(0.1) == "Release with care."
    assert policy.action(-0.1).startswith("Freeze releases ${until}")
    assert policy.incident_above == Decimal("0.2")
