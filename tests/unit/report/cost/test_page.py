"""The cost report's page as text: nothing is fetched, and numbers are those of result.json."""

import json
from dataclasses import replace

import numpy as np
import pytest

from slo.model.samples import History, series_of
from slo.model.span import Span, Week
from slo.report.cost.files import write_weekly_cost
from slo.report.cost.page import cost_figures_of, cost_page
from slo.report.cost.weekly_cost import weekly_cost
from tests.agent_costs import BUDGETS, LLM, SPAN, WEEK, costs
from tests.parsed_page import Page

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
