"""The report's page in a real browser, opened from disk."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from slo.model.duration import MINUTE
from slo.report.objectives.files import write_weekly_slo
from slo.report.objectives.weekly_slo import weekly_slo
from slo.webpage.plotly_file import PLOTLY
from tests.integration.browser import visit
from tests.shop import WEEK, WEEKS, availability, history, incident, stretch

pytestmark = pytest.mark.integration

OUTAGE, LAST = stretch(2, 2), stretch(1, 1, WEEKS[2])


@pytest.fixture(scope="module")
def report():
    past = history((OUTAGE, 0.5), (LAST, 0.5))
    labelled = (replace(incident(OUTAGE), notes="half of all requests failed"),)
    slos = (availability(), availability(name="strict", ratio="0.999"))
    return weekly_slo(slos, past, labelled, WEEK, MINUTE)


@pytest.fixture(scope="module")
def visited(report, tmp_path_factory):
    page = write_weekly_slo(report, tmp_path_factory.mktemp("page"))
    return visit(page, (1200, 900), tmp_path_factory.mktemp("visit"))


def element(visited, name):
    """The HTML from an element to the next figure."""
    start = visited.dom.index(f'id="{name}"')
    return visited.dom[start : visited.dom.find("<figcaption", start)]


def test_the_page_asks_for_the_file_of_plotly_beside_it_alone(visited):
    assert [one.rpartition("/")[2] for one in visited.requests] == [PLOTLY]
    assert visited.requests[0].startswith("file:")


def test_the_browser_has_nothing_to_complain_about(visited):
    assert visited.console == ""


def test_every_figure_is_drawn(visited, report):
    for one in report.slos:
        for kind in ("burn-down", "burn-rates", "episodes"):
            assert 'class="main-svg"' in element(visited, f"{kind}-{one.slo.name}")
    assert visited.dom.count('class="plot js-plotly-plot"') == 6


def test_the_table_holds_the_reports_numbers(visited, report):
    def cells(name: str) -> list[float]:
        return [float(text) for text in re.findall(rf'data-{name}="([^"]+)"', visited.dom)]

    assert cells("remaining") == [one.budget.remaining for one in report.slos]
    assert cells("achieved") == [one.achieved for one in report.slos]
    assert cells("change") == [one.change for one in report.slos]
    assert f'id="verdict">{report.verdict}<' in visited.dom
    assert f'id="pages">{report.pages}<' in visited.dom


def test_a_line_ends_where_its_number_is(visited, report):
    for one in report.slos:
        figure = element(visited, f"burn-down-{one.slo.name}")
        (path,) = re.findall(r'class="js-line" d="M([^"]+)"', figure)[:1]
        heights = [float(place.split(",")[1]) for place in re.findall(r"[\d.]+,-?[\d.]+", path)]
        ticks = {
            int(text.replace("−", "-")): float(y)  # noqa: RUF001  plotly's minus sign
            for y, text in re.findall(
                r'class="ytick"><text[^>]*translate\([^,]+,([\d.]+)\)[^>]*>([−\d]+)%',  # noqa: RUF001
                figure,
            )
        }
        (low, low_at), *_, (high, high_at) = sorted(ticks.items())
        share = 100 * (low_at - high_at) / (high - low)
        assert (heights[-1] - heights[0]) / share == pytest.approx(
            1 - one.budget.remaining, abs=0.01 * abs(one.budget.remaining) + 0.01
        )


def test_thresholds_and_episodes_are_named(visited):
    rates = element(visited, "burn-rates-availability")
    assert "page-1h" in rates
    assert "fires above 14.4x over 1h and 5m" in rates
    timeline = element(visited, "episodes-availability")
    assert "incidents" in timeline
    assert "ticket-1d" in timeline
