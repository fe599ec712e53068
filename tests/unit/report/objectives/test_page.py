import json
from dataclasses import replace

import pytest

from slo.model.duration import MINUTE
from slo.model.incident import Exclusion
from slo.model.samples import History
from slo.report.objectives.files import write_weekly_slo
from slo.report.objectives.page import figures_of, page
from slo.report.objectives.weekly_slo import weekly_slo
from slo.webpage.plotly_file import PLOTLY
from tests.parsed_page import Page
from tests.shop import SPAN, WEEK, availability, history, incident, stretch

OUTAGE = stretch(2, 2)
HOSTILE = '</script><img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def report():
    past = history((OUTAGE, 0.5))
    fine = availability(owner="shop-team", runbook="https://runbooks.example.com/availability")
    hostile = availability(
        name="hostile",
        ratio="0.999",
        display_name=HOSTILE,
        description=HOSTILE,
        runbook="javascript:alert(1)",
    )
    labelled = (replace(incident(OUTAGE), notes=HOSTILE),)
    return weekly_slo((fine, hostile), past, labelled, WEEK, MINUTE)


@pytest.fixture(scope="module")
def html(report):
    return page(report)


@pytest.fixture(scope="module")
def parsed(html):
    return Page(html)


def test_elements_nest(parsed):
    assert parsed.crooked == []
    assert parsed.open == []


def test_nothing_is_fetched(parsed):
    assert parsed.of("link") == parsed.of("img") == parsed.of("iframe") == []
    for _, attributes, _ in parsed.elements:
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)


def test_names_that_people_chose_stay_text(html, parsed):
    assert HOSTILE not in html
    assert any(HOSTILE in element[2] for element in parsed.of("a"))


def test_links_lead_to_places_and_runbooks_only(parsed):
    targets = {element[1]["href"] for element in parsed.of("a")}
    ids = {element[1].get("id") for element in parsed.elements}
    assert {target[1:] for target in targets if target.startswith("#")} <= ids
    assert {target for target in targets if not target.startswith("#")} == {
        "https://runbooks.example.com/availability"
    }


def test_every_figure_has_its_place_and_a_description(report, parsed):
    (data,) = parsed.of("script", type="application/json")
    drawn = json.loads(data[2])["figures"]
    assert set(drawn) == set(figures_of(report))
    assert len(drawn) == 6
    for name in drawn:
        (place,) = parsed.of("div", id=name)
        assert place[1]["role"] == "img"
        assert len(place[1]["aria-label"]) > 20


def test_ids_are_unique(parsed):
    ids = [element[1]["id"] for element in parsed.elements if "id" in element[1]]
    assert len(ids) == len(set(ids))


def test_tables_have_captions_and_scoped_headers(parsed):
    assert len(parsed.of("table")) == len(parsed.of("caption")) > 2
    assert all("scope" in element[1] for element in parsed.of("th"))


def test_plotly_does_not_offer_to_upload(parsed):
    (data,) = parsed.of("script", type="application/json")
    config = json.loads(data[2])["config"]
    assert (config["showSendToCloud"], config["plotlyServerURL"]) == (False, "")
    assert config["displaylogo"] is False


def test_the_numbers_stand_in_the_table(report, parsed):
    cells = [e[1]["data-remaining"] for e in parsed.of("td") if "data-remaining" in e[1]]
    assert [float(cell) for cell in cells] == [one.budget.remaining for one in report.slos]
    (verdict,) = parsed.of("p", id="verdict")
    assert verdict[2] == report.verdict


def test_a_report_without_any_data_is_a_page_too():
    empty = weekly_slo((availability(),), History((), SPAN), (), WEEK, MINUTE)
    parsed = Page(page(empty))
    assert parsed.crooked == []
    assert "insufficient data" in [element[2] for element in parsed.of("span")]
    assert parsed.of("article") == []


def test_a_policy_without_alerts_has_no_burn_rates():
    from slo.model.alert import AlertPolicy

    bare = availability().with_policy(AlertPolicy(()))
    report = weekly_slo((bare,), history(), (), WEEK, MINUTE)
    assert set(figures_of(report)) == {"burn-down-availability"}
    assert Page(page(report)).crooked == []


def test_the_same_report_gives_the_same_bytes(report, tmp_path):
    first = write_weekly_slo(report, tmp_path / "new" / "folder")
    second = write_weekly_slo(report, tmp_path / "other")
    assert first.name == "weekly-slo.html"
    assert first.read_bytes() == second.read_bytes()
    one, other = (page.with_name("result.json").read_bytes() for page in (first, second))
    assert one == other
    assert json.loads(one)["verdict"] == report.verdict
    left = {path.name for path in first.parent.iterdir()}
    assert {"result.json", "weekly-slo.html", "report.md", PLOTLY} <= left
    assert [name for name in left if name.startswith(".")] == []


def test_where_bad_events_came_from_adds_up_on_the_page(parsed):
    rows = [row[1]["data-spent-by"] for row in parsed.of("tr") if "data-spent-by" in row[1]]
    assert rows == ["outage", "", "outage", ""]


def test_the_policy_is_asked_of_each_objective(report, html):
    assert html.count("<strong>Error budget policy:</strong>") == 2
    assert "Freeze releases until " in html
    # Two hours at a half are a fifth of the budget at 99 %, and much more of it at 99.9 %.
    assert "of the budget, more than the 20 % that the policy lets pass" in html


def test_alert_quality_has_a_row_for_each_objective_and_one_for_all(parsed):
    rows = [row[1]["data-quality"] for row in parsed.of("tr") if "data-quality" in row[1]]
    assert rows == ["hostile", "availability", ""]


def test_what_is_excluded_is_shown_with_who_and_why(html):
    assert "Nothing is excluded" in html
    drill = Exclusion("drill", OUTAGE, HOSTILE, HOSTILE)
    past = history((OUTAGE, 0.5))
    judged = weekly_slo((availability(),), past, (), WEEK, MINUTE, exclusions=[drill])
    text = page(judged)
    corrected = Page(text)
    assert corrected.crooked == []
    assert HOSTILE not in text
    assert [r[1]["data-exclusion"] for r in corrected.of("tr") if "data-exclusion" in r[1]] == [
        "drill"
    ]
    assert [r[1]["data-corrected"] for r in corrected.of("tr") if "data-corrected" in r[1]] == [
        "availability"
    ]
    assert "Nothing is excluded" not in text
