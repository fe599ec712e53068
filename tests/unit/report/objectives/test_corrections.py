"""What is excluded, and what the numbers were with it."""

import pytest

from slo.budget import budget_account
from slo.model.incident import Exclusion
from slo.report.objectives.corrections import corrections
from tests.shop import SPAN, WEEK, WEEKS, availability, history, stretch

OUTAGE = stretch(2, 2)
EVERYTHING = budget_account(availability(), history((OUTAGE, 0.5)))


def out(span, name="drill", **fields):
    return Exclusion(name, span, "kim", "rehearsed", **fields)


def corrected(*exclusions):
    return corrections(EVERYTHING, SPAN.end, WEEK.span, exclusions)


def test_nothing_excluded_is_nothing_corrected():
    assert corrected() is None
    assert corrected(out(OUTAGE, slos=("latency",))) is None
    # Before the 21 days that are judged.
    assert corrected(out(stretch(0, 5, WEEKS[0]))) is None


def test_what_is_taken_out_and_what_was_with_it():
    found = corrected(out(OUTAGE))
    (one,) = found.corrections
    assert (one.bad, one.total) == (pytest.approx(3600), 7200)
    assert found.bad == pytest.approx(3600)
    assert found.achieved == pytest.approx(1 - 3600 / 604_800)
    assert found.budget.remaining == pytest.approx(1 - 3600 / 18_144, abs=1e-5)


def test_corrected_and_excluded_are_all():
    exclusions = [out(stretch(2, 1)), out(stretch(2.02, 3), "again"), out(stretch(5, 1), "late")]
    found = corrected(*exclusions)
    judged = EVERYTHING.excluding(exclusions).status(SPAN.end)
    assert judged.total + sum(one.total for one in found.corrections) == found.budget.total
    assert judged.bad + sum(one.bad for one in found.corrections) == pytest.approx(
        found.budget.bad, abs=1e-9
    )


def test_what_two_take_out_is_the_first_ones():
    first, second = corrected(out(stretch(2, 1.5)), out(stretch(2, 2), "again")).corrections
    assert (first.total, second.total) == (5400, 1800)
