"""A week in short: its numbers are the report's, its names have their room."""

from dataclasses import fields, replace
from itertools import pairwise
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.model.cost_model import CategoryBudget, CostModel
from slo.model.duration import DAY, MINUTE
from slo.model.objective import RollingPeriod
from slo.model.samples import History
from slo.model.span import Span, Week
from slo.report.cost.weekly_cost import weekly_cost
from slo.report.forms.cost_digest import cost_digest
from slo.report.forms.digest import MOST_ROWS, NAME, VERDICT, cut, few
from slo.report.forms.slo_digest import slo_digest
from slo.report.looks import LOOKS, SIGNS, Look
from slo.report.objectives.suggestions import SuggestedChange
from slo.report.objectives.weekly_slo import weekly_slo
from tests.agent_costs import BUDGETS, SPAN, costs, with_category
from tests.agent_costs import WEEK as COST_WEEK
from tests.digests import DIGESTS, HOSTILE, REPORTS, cost_week, hostile_slo_week, slo_week
from tests.shop import SPAN as SHOP_SPAN
from tests.shop import WEEK, availability


def test_the_worst_five_objectives_stand_in_the_pages_order():
    report, digest = slo_week(), slo_digest(slo_week(), REPORTS)
    assert len(report.slos) > MOST_ROWS
    assert [row.name for row in digest.rows] == [
        cut(one.slo.title, NAME) for one in report.slos[:MOST_ROWS]
    ]
    assert [row.state for row in digest.rows] == [one.state for one in report.slos[:MOST_ROWS]]
    assert digest.rest == "1 more in the report"
    assert digest.state == report.slos[0].state == "exhausted"


def test_the_key_numbers_are_those_of_the_page():
    report, digest = slo_week(), slo_digest(slo_week())
    kept, least, pages, seen = digest.tiles
    assert kept.value == f"{len(report.in_state('kept', 'at risk'))} of {report.count}"
    assert least.value == digest.rows[0].values[1]
    assert pages.value == str(report.pages)
    assert seen.value == "1 of 1"


def test_a_link_is_made_of_the_address_of_reports_and_left_out_without():
    assert slo_digest(slo_week()).link == ""
    assert slo_digest(slo_week(), REPORTS).link == f"{REPORTS}/shop/{WEEK}/weekly-slo.html"
    linked = cost_digest(cost_week(), REPORTS + "/")
    assert linked.link == f"{REPORTS}/agent/cost/2026-W47/weekly-cost.html"


def test_budgets_and_movers_share_the_rows():
    report, digest = cost_week(), cost_digest(cost_week())
    budgets = [row for row in digest.rows if row.state]
    assert [row.state for row in budgets] == [one.standing for one in report.budgets]
    movers = [row.name for row in digest.rows if not row.state]
    assert movers == [line.name for line in report.movers][: MOST_ROWS - len(budgets)]
    assert movers
    assert digest.state == report.state


def test_suggestions_say_what_they_save():
    report, digest = cost_week(), cost_digest(cost_week())
    assert digest.suggestions
    for line, one in zip(digest.suggestions, report.suggestions, strict=False):
        assert line.startswith(one.title)
        assert ("a month)" in line) == bool(one.dollars_a_month)


def test_the_forecast_is_drawn_with_its_interval():
    report, digest = cost_week(), cost_digest(cost_week())
    ahead, *budgets = digest.bars
    allowed = report.month_budget
    assert ahead.share == pytest.approx(report.forecast.expected / allowed)
    assert (ahead.low, ahead.high) == (
        pytest.approx(report.forecast.low / allowed),
        pytest.approx(report.forecast.high / allowed),
    )
    assert [bar.share for bar in budgets] == pytest.approx(
        [one.spent / one.budget.dollars for one in report.budgets]
    )
    assert all(isnan(bar.low) for bar in budgets)


def test_without_any_data_there_is_a_digest_too():
    empty = weekly_slo((availability(),), History((), SHOP_SPAN), (), WEEK, MINUTE)
    digest = slo_digest(empty)
    assert digest.state == "insufficient data"
    assert digest.bars == ()
    (row,) = digest.rows
    assert (row.state, set(row.values)) == ("insufficient data", {"–"})  # noqa: RUF001


def test_a_first_week_of_cost_has_no_forecast_and_says_so():
    digest = cost_digest(weekly_cost("agent", BUDGETS, costs(human=None), Week.of(SPAN.start)))
    assert {bar.name for bar in digest.bars} == {"LLM cost", "Running cost"}
    assert digest.tiles[0].change == "no whole week to compare"
    assert digest.tiles[3].change == "what a person costs is not known"


def test_a_week_cut_short_says_so():
    short = Span(SPAN.start, SPAN.end - 2 * 86_400_000)
    digest = cost_digest(weekly_cost("agent", BUDGETS, costs(span=short), Week.parse("2026-W47")))
    assert "The history ends at 2026-11-21 00:00, before the week does." in digest.window


def test_endless_names_are_cut_and_stand_on_one_line():
    digest = slo_digest(hostile_slo_week())
    assert len(digest.verdict) <= VERDICT
    assert " and 6 more have spent the error budget: freeze releases" in digest.verdict
    assert all(len(row.name) <= NAME for row in digest.rows)
    texts = [digest.verdict, digest.picture, *(row.name for row in digest.rows)]
    assert all(text.isprintable() for text in texts)


def test_a_sentence_names_three_and_counts_the_rest():
    assert few(["a"]) == "a"
    assert few(["a", "b", "c"]) == "a, b and c"
    assert few(["a", "b", "c", "d", "e"]) == "a, b and 3 more"
    assert few(["a" * 200]) == "a" * (NAME - 1) + "…"


def test_the_first_suggestions_are_told():
    one = SuggestedChange("Page\nlater", "why", "2x", "14x", "alerts", "of-9", "slo tune")
    changes = tuple(replace(one, title=f"{one.title} {number}") for number in range(5))
    digest = slo_digest(replace(slo_week(), suggestions=changes))
    assert digest.suggestions == ("Page later 0", "Page later 1", "Page later 2")


def test_a_budget_of_a_category_stands_where_its_state_puts_it():
    tight = CategoryBudget("billing", 1.0, RollingPeriod(28 * DAY))
    model = CostModel("model", "agent", categories=(tight,))
    digest = cost_digest(weekly_cost("agent", BUDGETS, with_category(costs()), COST_WEEK, model))
    assert (digest.rows[0].name, digest.rows[0].state) == ("the category billing", "overspent")
    assert digest.verdict.endswith("act on the suggestions, or raise it knowingly.")
    assert "The category billing has overspent the budget" in digest.verdict


@given(st.text(), st.integers(1, 100))
def test_what_is_cut_fits_and_prints_and_what_fits_is_whole(text, room):
    short = cut(text, room)
    assert len(short) <= room
    assert short.isprintable()
    assert cut(short, room) == short
    if text.isprintable() and text == " ".join(text.split()) and len(text) <= room:
        assert short == text


def test_every_state_has_a_look_and_every_look_a_sign():
    assert set(LOOKS.values()) == set(SIGNS) == set(Look.__args__)


@pytest.mark.parametrize("name", DIGESTS)
def test_a_digest_is_made_of_text_and_of_as_many_values_as_columns(name):
    digest = DIGESTS[name]()
    assert all(len(row.values) == len(digest.columns) for row in digest.rows)
    assert len(digest.rows) <= MOST_ROWS
    for field in fields(digest):
        value = getattr(digest, field.name)
        assert isinstance(value, str | tuple), field.name


def test_names_that_are_markup_stay_what_they_are():
    names = [row.name for row in slo_digest(slo_week()).rows]
    assert cut(HOSTILE, NAME) in names


def test_rows_stand_the_worst_first():
    order = ("exhausted", "at risk", "insufficient data", "kept")
    places = [order.index(row.state) for row in slo_digest(slo_week()).rows]
    assert all(one <= other for one, other in pairwise(places))
