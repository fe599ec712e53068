"""The cost report's page as text: nothing is fetched, and numbers are those of result.json."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from slo.model.cost_model import CategoryBudget
from slo.model.samples import History, series_of
from slo.model.span import Span, Week
from slo.report.cost.files import write_weekly_cost
from slo.report.cost.page import cost_figures_of, cost_page
from slo.report.cost.weekly_cost import weekly_cost
from slo.spec.cost_model import CALENDAR_MONTH
from tests.agent_costs import BUDGETS, LLM, SPAN, WEEK, costs
from tests.parsed_page import Page
from tests.unit.report.cost.test_weekly_cost import MODEL, by_category

HOSTILE = '</script><img src=x onerror="alert(1)">'
RUNAWAY = np.where(np.isin(np.arange(28), (22, 23)), 2.0, 1.0)


@pytest.fixture(scope="module")
def report():
    past = costs(length=RUNAWAY, small=0.25)
    hostile = series_of(
        {"__name__": "support_agent_service_cost_usd_total", "service": HOSTILE},
        past.series[0].times,
        np.linspace(0, 28, past.series[0].times.size),
    )
    budgets = (replace(LLM, display_name=HOSTILE), BUDGETS[1])
    return weekly_cost("agent", budgets, History((*past.series, hostile), SPAN), WEEK)


@pytest.fixture(scope="module")
def html(report):
    return cost_page(report)


@pytest.fixture(scope="module")
def parsed(html):
    return Page(html)


def test_elements_nest_and_ids_are_unique(parsed):
    assert parsed.crooked == []
    assert parsed.open == []
    ids = [element[1]["id"] for element in parsed.elements if "id" in element[1]]
    assert len(ids) == len(set(ids))


def test_nothing_is_fetched(parsed):
    assert parsed.of("link") == parsed.of("img") == parsed.of("iframe") == []
    for _, attributes, _ in parsed.elements:
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
    (meta,) = parsed.of("meta", **{"http-equiv": "Content-Security-Policy"})
    assert "default-src 'none'" in meta[1]["content"]
    assert {e[1]["href"][0] for e in parsed.of("a")} == {"#"}


def test_names_that_people_chose_stay_text(html, parsed):
    assert HOSTILE not in html
    assert any(HOSTILE in element[2] for element in parsed.of("th"))


def test_every_figure_has_its_place_and_a_description(report, parsed):
    (data,) = parsed.of("script", type="application/json")
    drawn = json.loads(data[2])["figures"]
    assert set(drawn) == set(cost_figures_of(report))
    assert set(drawn) == {"daily-cost", "cost-forecast", "cost-change"}
    for name in drawn:
        (place,) = parsed.of("div", id=name)
        assert place[1]["role"] == "img"
        assert len(place[1]["aria-label"]) > 20


def test_tables_have_captions_and_scoped_headers(parsed):
    assert len(parsed.of("table")) == len(parsed.of("caption")) > 5
    assert all("scope" in element[1] for element in parsed.of("th"))


def test_a_first_week_is_a_page_too():
    first = weekly_cost("agent", BUDGETS, costs(human=None), Week.of(SPAN.start))
    parsed = Page(cost_page(first))
    assert parsed.crooked == []
    assert set(cost_figures_of(first)) == {"daily-cost"}
    assert any("A forecast needs two whole weeks" in one[2] for one in parsed.of("p"))
    (net,) = parsed.of("dd", id="net")
    assert net[1]["data-usd"] == "nan"


def test_a_week_cut_short_says_so():
    short = Span(SPAN.start, WEEK.span.start + 3 * 86_400_000)
    parsed = Page(cost_page(weekly_cost("agent", BUDGETS, costs(span=short), WEEK)))
    strong = " ".join(one[2] for one in parsed.of("strong"))
    assert "The history ends at 2026-11-19 00:00, before the week does." in strong
    assert "4 days of the month had no whole record and are estimated." in strong


def test_the_same_report_gives_the_same_bytes(report, tmp_path):
    first = write_weekly_cost(report, tmp_path / "new" / "folder")
    second = write_weekly_cost(report, tmp_path / "other")
    assert first.name == "weekly-cost.html"
    assert first.read_bytes() == second.read_bytes()
    one, other = (page.with_name("result.json").read_bytes() for page in (first, second))
    assert one == other
    assert json.loads(one)["verdict"] == report.verdict


@pytest.fixture(scope="module")
def modelled():
    billing = CategoryBudget("billing", 200.0, CALENDAR_MONTH)
    odd = CategoryBudget(HOSTILE, 10.0, CALENDAR_MONTH)
    hostile = replace(MODEL.fixed[0], name=HOSTILE, description=HOSTILE)
    typo = replace(MODEL.prices[0], model="lrage")
    model = replace(
        MODEL,
        display_name=HOSTILE,
        fixed=(hostile, *MODEL.fixed[1:]),
        categories=(odd, billing),
        prices=(*MODEL.prices, typo),
    )
    return cost_page(weekly_cost("agent", BUDGETS, by_category(), WEEK, model))


def test_the_page_says_what_people_configured(modelled):
    parsed = Page(modelled)
    assert (parsed.crooked, parsed.open) == ([], [])
    assert HOSTILE not in modelled
    ids = [element[1]["id"] for element in parsed.elements if "id" in element[1]]
    assert len(ids) == len(set(ids))
    assert all(not set(one) & set(" <>") for one in ids)
    (heading,) = parsed.of("h3", id="model")
    assert heading[2] == f"What people configured: {HOSTILE}"
    words = " ".join(" ".join(one[2].split()) for one in parsed.of("p"))
    assert "From the CostModel" in words
    assert "for which finance answers" in words
    assert "costs.yaml" in [one[2] for one in parsed.of("code")]
    assert "/somewhere" not in modelled
    assert "money is US dollars, at contract prices where there are any" in words
    assert "they agree. The cost model names 2 contract prices:" in words
    assert "Alerts and dashboards go on counting at list price." in words
    assert "A fixed item costs an equal part of its month every day, recorded or not." in words
    assert "$6.00, in place of what the agent exposes; billing $7.00." in words
    (contract,) = parsed.of("strong", id="contract")
    assert contract[2] == "$19.20 are counted this week in place of $38.40 at list price, −50.0 %."  # noqa: RUF001
    assert float(contract[1]["data-usd"]) == pytest.approx(-19.2)
    assert "no such tokens" in [one[2] for one in parsed.of("strong")]
    fixed = [float(one[1]["data-fixed"]) for one in parsed.of("td") if "data-fixed" in one[1]]
    assert fixed == pytest.approx([70, 100])


def test_budgets_of_categories_stand_beside_the_others(modelled):
    parsed = Page(modelled)
    rows = [one[1].get("data-category") for one in parsed.of("tr") if "data-category" in one[1]]
    assert rows == ["billing", HOSTILE]
    assert "overspent" in [one[2] for one in parsed.of("span")]
    (verdict,) = parsed.of("p", id="verdict")
    assert "The category billing has overspent the budget" in verdict[2]
    assert verdict[1]["class"] == "verdict exhausted"


def test_sentences_have_a_space_between_them(parsed, modelled):
    for page in (parsed, Page(modelled)):
        (checked,) = page.of("p", id="reconciliation")
        assert not re.search(r"[a-z%]\.[\dA-Z]", checked[2])


def test_without_a_cost_model_the_page_speaks_of_none(html, parsed):
    assert parsed.of("h3", id="model") == parsed.of("h3", id="categories") == []
    for word in ("contract price", "fixed item", "CostModel"):
        assert word not in html.partition("<footer>")[0]
