"""What every page of a folder of reports keeps to, in a real browser."""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape

import numpy as np
import pytest

from slo.model.duration import MINUTE
from slo.report.cost.files import write_weekly_cost
from slo.report.cost.weekly_cost import weekly_cost
from slo.report.kinds import WEEKLY_COST, WEEKLY_SLO
from slo.report.objectives.files import write_weekly_slo
from slo.report.objectives.weekly_slo import weekly_slo
from slo.report.pages.index import INDEX, write_index
from slo.webpage.plotly_file import PLOTLY
from tests.agent_costs import BUDGETS, WEEKS, costs
from tests.integration.browser import A4, DESKTOP, PHONE, static_server, visit
from tests.integration.page_numbers import numbers_of, unknown_numbers
from tests.shop import availability, history, incident, stretch

pytestmark = pytest.mark.integration

OUTAGE = stretch(2, 2)
RUNAWAY = np.where(np.isin(np.arange(28), (22, 23)), 2.0, 1.0)
NEWEST = WEEKS[3]
SLO_PAGE = f"shop/{NEWEST}/{WEEKLY_SLO.page}"
COST_PAGE = f"agent/cost/{NEWEST}/{WEEKLY_COST.page}"
DRAWN = {SLO_PAGE: 6, COST_PAGE: 3, INDEX: 0}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Two weeks of two services, as they are published."""
    folder = tmp_path_factory.mktemp("reports")
    slos = (availability(), availability(name="strict", ratio="0.999"))
    outages, money = history((OUTAGE, 0.5)), costs(length=RUNAWAY, small=0.25)
    for week in WEEKS[2:]:
        made = weekly_slo(slos, outages, (incident(OUTAGE),), week, MINUTE)
        write_weekly_slo(made, WEEKLY_SLO.folder(folder, "shop", week), folder)
        spent = weekly_cost("agent", BUDGETS, money, week)
        write_weekly_cost(spent, WEEKLY_COST.folder(folder, "agent", week), folder)
    write_index(folder)
    return folder


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request):
    return request.param


@pytest.fixture(scope="module", params=[False, True], ids=["light", "dark"])
def dark(request):
    return request.param


@pytest.fixture(scope="module", params=[SLO_PAGE, COST_PAGE, INDEX], ids=["slo", "cost", "index"])
def page(request):
    return request.param


@pytest.fixture(scope="module")
def look(reports, tmp_path_factory):
    """A visit to a page; each is made once."""

    @cache
    def visited(page, size, dark):
        return visit(reports / page, size, tmp_path_factory.mktemp("seen"), dark=dark)

    return visited


@pytest.fixture
def seen(look, page, size, dark):
    return look(page, size, dark)


def test_axe_finds_nothing(seen):
    assert seen.violations == ()


def test_nothing_is_asked_for_but_the_file_of_plotly(seen, page, reports):
    shared = (reports / PLOTLY).as_uri()
    assert seen.requests == ((shared,) if DRAWN[page] else ())
    assert seen.console == ""


def test_every_figure_is_drawn(seen, page):
    assert seen.dom.count('class="plot js-plotly-plot"') == DRAWN[page]
    assert seen.dom.count('class="plot"') == 0
    plots = seen.dom.split('class="plot js-plotly-plot"')[1:]
    shapes = [re.findall(r'<path[^>]* d="M[^"]{8,}"', plot.split("</figure>")[0]) for plot in plots]
    assert all(len(one) > 2 for one in shapes)


def test_nothing_is_wider_than_its_window_or_than_paper(seen, size):
    assert seen.width == size[0]
    assert seen.paper_width == A4
    assert seen.picture.startswith(b"\x89PNG")


def test_every_number_of_a_report_is_that_of_its_result(reports, seen, page):
    if page == INDEX:
        return
    result = json.loads((reports / page).with_name("result.json").read_text())
    assert unknown_numbers(seen.dom, result) == []
    assert sum(map(len, numbers_of(seen.dom).values())) >= 6
    assert f'id="verdict">{result["verdict"]}<' in unescape(seen.dom)


def test_every_number_of_the_index_is_that_of_a_result(reports, look):
    numbers = numbers_of(look(INDEX, DESKTOP, False).dom)

    def results(kind, service):
        folders = (kind.folder(reports, service, week) for week in (WEEKS[3], WEEKS[2]))
        return [json.loads((folder / "result.json").read_text()) for folder in folders]

    money, kept = results(WEEKLY_COST, "agent"), results(WEEKLY_SLO, "shop")
    assert numbers["spent"] == [one["this_week"]["usd"] for one in money]
    assert numbers["left"] == [min(b["remaining"] for b in one["budgets"]) for one in money]
    # Budgets of 600 and of 100 dollars in four weeks.
    assert numbers["allowed"] == pytest.approx([175.0, 175.0])
    assert numbers["least"] == [min(s["budget_remaining"] for s in one["slos"]) for one in kept]
    assert numbers["pages"] == [one["pages"] for one in kept]


@pytest.mark.parametrize("page", DRAWN)
def test_paper_is_white_whatever_the_window(look, page):
    papers = [look(page, DESKTOP, dark).paper for dark in (False, True)]
    light, dark = (re.sub(rb"/(CreationDate|ModDate) \(.*?\)", b"", paper) for paper in papers)
    assert light == dark


@pytest.mark.parametrize("page", [SLO_PAGE, COST_PAGE])
def test_an_object_store_serves_pages_as_they_are(reports, page, tmp_path):
    with static_server(reports) as server:
        seen = visit(f"{server}/{page}", DESKTOP, tmp_path)
        assert seen.requests == (f"{server}/{PLOTLY}",)
    assert seen.console == ""
    assert seen.dom.count("js-plotly-plot") == DRAWN[page]


def alone(reports, tmp_path, page: str = COST_PAGE):
    """A page that somebody took along without its folder."""
    (tmp_path / "a/b/c").mkdir(parents=True)
    copy = tmp_path / "a/b/c/page.html"
    copy.write_text((reports / page).read_text())
    return copy


def said_to_be_missing(dom: str) -> bool:
    return 'id="undrawn" aria-label="About the figures">' in dom


def test_a_page_without_plotly_says_so_and_has_all_the_rest(reports, tmp_path):
    seen = visit(alone(reports, tmp_path), PHONE, tmp_path)
    assert said_to_be_missing(seen.dom)
    assert PLOTLY in seen.dom.split('id="undrawn"')[1].split("</aside>")[0]
    assert seen.dom.count("js-plotly-plot") == 0
    assert seen.violations == ()
    assert seen.width == PHONE[0]
    result = json.loads((reports / COST_PAGE).with_name("result.json").read_text())
    assert unknown_numbers(seen.dom, result) == []


def test_a_page_without_scripts_says_so_and_has_all_the_rest(reports, tmp_path):
    seen = visit(reports / COST_PAGE, DESKTOP, tmp_path, scripts=False)
    assert seen.requests == ()
    assert "that takes JavaScript" in seen.dom
    assert seen.width == DESKTOP[0]
    result = json.loads((reports / COST_PAGE).with_name("result.json").read_text())
    assert unknown_numbers(seen.dom, result) == []


@pytest.mark.parametrize("damage", ["", "window.Plotly = 1 +", "window.spoilt = 1;"])
def test_a_plotly_that_is_none_is_noticed_from_disk(reports, tmp_path, damage):
    copy = alone(reports, tmp_path)
    (tmp_path / PLOTLY).write_text(damage)
    seen = visit(copy, DESKTOP, tmp_path)
    assert said_to_be_missing(seen.dom)


def test_a_plotly_that_somebody_changed_is_not_run_from_a_server(reports, tmp_path):
    alone(reports, tmp_path)
    changed = "document.title = 'changed';" + (reports / PLOTLY).read_text()
    (tmp_path / PLOTLY).write_text(changed)
    with static_server(tmp_path) as server:
        seen = visit(f"{server}/a/b/c/page.html", DESKTOP, tmp_path)
    assert "integrity" in seen.console
    assert "<title>changed" not in seen.dom
    assert said_to_be_missing(seen.dom)


INJECTED = """
<script>document.title = 'owned'</script>
<script src='owned.js'></script>
<img src=x onerror="document.title = 'owned'">
<iframe src='owned.html' title=x></iframe>
<base href='https://elsewhere.example/'>
<link rel=stylesheet href='https://elsewhere.example/x.css'>
<img src='https://elsewhere.example/x.png'>
"""


def test_what_somebody_gets_into_a_page_neither_runs_nor_asks(reports, tmp_path):
    copy = alone(reports, tmp_path)
    copy.with_name("owned.js").write_text("document.title = 'owned'")
    copy.with_name("owned.html").write_text("<script>parent.document.title = 'owned'</script>")
    (tmp_path / PLOTLY).write_text((reports / PLOTLY).read_text())
    copy.write_text(copy.read_text().replace("<main>", f"<main>{INJECTED}", 1))
    seen = visit(copy, DESKTOP, tmp_path)
    assert "<title>owned" not in seen.dom
    assert seen.dom.count("js-plotly-plot") == DRAWN[COST_PAGE]
    assert seen.requests == ((tmp_path / PLOTLY).as_uri(),)
    assert seen.console.count("Content Security Policy") >= 6
