"""The index of all weeks, from what lies in the folder of reports."""

from __future__ import annotations

import json
import math
import os
import re
from dataclasses import replace
from html import unescape

import pytest

from slo.model.span import Week
from slo.report.kinds import RESULT, WEEKLY_COST, WEEKLY_SLO
from slo.report.pages import index
from slo.report.pages.index import INDEX, shelves, write_index
from tests.parsed_page import Page


def publish(reports, service, name, *objectives, verdict="All kept."):
    folder = reports / service / name
    folder.mkdir(parents=True)
    (folder / WEEKLY_SLO.page).write_text("a page")
    slos = [
        {"name": f"slo-{n}", "state": state, "budget_remaining": left}
        for n, (state, left) in enumerate(objectives)
    ]
    result = {"verdict": verdict, "falls_short": False, "pages": 3, "slos": slos}
    (folder / RESULT).write_text(json.dumps(result))


def publish_cost(reports, name, spent, budgets=(("llm", 3000, 30, 0.25),), state="within budget"):
    folder = reports / "shop" / "cost" / name
    folder.mkdir(parents=True)
    (folder / WEEKLY_COST.page).write_text("a page")
    result = {
        "verdict": f"The week cost {spent}.",
        "falls_short": state == "overspent",
        "state": state,
        "this_week": {"usd": spent},
        "budgets": [
            {
                "name": budget,
                "usd": dollars,
                "period": {"start": "2026-10-01T00:00:00Z", "end": f"2026-10-{1 + days}T00:00:00Z"},
                "remaining": left,
            }
            for budget, dollars, days, left in budgets
        ],
    }
    (folder / RESULT).write_text(json.dumps(result))


def test_weeks_stand_the_newest_first_with_their_worst(tmp_path):
    publish(tmp_path, "shop", "2026-W46", ("kept", 0.8), ("exhausted", -0.2))
    publish(tmp_path, "shop", "2026-W45", ("at risk", 0.1), ("insufficient data", None))
    publish(tmp_path, "search", "2025-W52", ("insufficient data", None))
    search, shop = shelves(tmp_path)
    assert [str(entry.week) for entry in shop.entries] == ["2026-W46", "2026-W45"]
    assert [entry.state for entry in shop.entries] == ["exhausted", "at risk"]
    assert [entry.kept for entry in shop.entries] == ["1 of 2", "1 of 2"]
    assert [entry.least for entry in shop.entries] == [-0.2, 0.1]
    assert [entry.pages for entry in shop.entries] == [3, 3]
    assert math.isnan(search.entries[0].least)
    assert search.least.path == ""


def test_every_kind_of_report_has_a_shelf(tmp_path, monkeypatch):
    other = replace(WEEKLY_SLO, name="other", title="Others", subfolder="other")
    monkeypatch.setattr(index, "KINDS", (WEEKLY_SLO, other))
    publish(tmp_path, "shop", "2026-W46", ("kept", 0.8))
    publish(tmp_path, "shop", "other/2026-W45")
    slo, others = shelves(tmp_path)
    assert [slo.kind, others.kind] == [WEEKLY_SLO, other]
    assert [entry.link for entry in others.entries] == ["shop/other/2026-W45/weekly-slo.html"]
    assert [entry.state for entry in others.entries] == ["kept"]


def test_what_is_no_complete_report_is_not_listed(tmp_path):
    publish(tmp_path, "shop", "2026-W46", ("kept", 0.8))
    publish(tmp_path, "shop", "2026-W99", ("kept", 0.8))
    publish(tmp_path, "shop", ".2026-W45-abcd1234", ("kept", 0.8))
    publish(tmp_path, "shop", "2026-W44", ("kept", 0.8))
    (tmp_path / "shop" / "2026-W44" / WEEKLY_SLO.page).unlink()
    (tmp_path / "README.md").write_text("not a service")
    (tmp_path / "shop" / "2026-W43.log").write_text("of a run that failed")
    (shop,) = shelves(tmp_path)
    assert [entry.week for entry in shop.entries] == [Week(2026, 46)]


def test_the_page_links_each_week_and_escapes_what_reports_say(tmp_path):
    publish(tmp_path, "my shop", "2026-W46", ("kept", 0.875), verdict="<b>Kept</b> & fine")
    publish(tmp_path, "my shop", "2026-W45", ("kept", 0.5))
    page = write_index(tmp_path)
    text = page.read_text()
    links = re.findall(r'href="([^"#]+)"', text)
    assert "my%20shop/2026-W46/weekly-slo.html" in links
    assert all((tmp_path / link.replace("%20", " ")).is_file() for link in links)
    assert "&lt;b&gt;Kept&lt;/b&gt; &amp; fine" in text
    assert "87.5 %" in text
    assert "default-src 'none'" in unescape(text)
    assert "<script" not in text
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX, "my shop"]
    assert write_index(tmp_path).read_text() == text


def test_without_reports_it_says_how_to_make_them(tmp_path):
    assert "slo run-due" in write_index(tmp_path).read_text()


def test_what_a_killed_run_left_of_an_index_goes_after_a_while(tmp_path):
    old, new = tmp_path / f".{INDEX}.abcd1234", tmp_path / f".{INDEX}.efgh5678"
    for path in (old, new):
        path.write_text("half a page")
    os.utime(old, (0, 0))
    write_index(tmp_path)
    assert not old.exists()
    assert new.exists()


def test_cost_has_its_own_words_numbers_and_trend(tmp_path):
    two = (("llm", 3000, 30, 0.25), ("running", 100, 10, -0.5))
    publish_cost(tmp_path, "2026-W46", 900.5, two, state="overspent")
    publish_cost(tmp_path, "2026-W44", 600, state="insufficient data")
    (shelf,) = shelves(tmp_path)
    newest, oldest = shelf.entries
    assert [newest.state, newest.look, oldest.look] == [
        "overspent",
        "exhausted",
        "insufficient-data",
    ]
    assert [newest.spent, newest.left, oldest.left] == [900.5, -0.5, 0.25]
    assert newest.allowed == pytest.approx(7 * (3000 / 30 + 100 / 10))
    assert [str(week) for week in shelf.weeks] == ["2026-W44", "2026-W45", "2026-W46"]
    # Of the week between nothing is known.
    assert [bar is None for bar in shelf.spending.bars] == [False, True, False]

    page = Page(write_index(tmp_path).read_text())
    assert page.crooked == []
    (row, _) = [one for one in page.of("tr") if "data-week" in one[1]]
    assert row[1]["data-week"] == "2026-W46"
    cells = {one[1]["data-label"]: one[2] for one in page.of("td")[:6]}
    assert cells["Spent"] == "$900.50"
    assert cells["Allowed in a week"] == "$770.00"
    assert [one[1]["class"] for one in page.of("rect")] == [
        "bar insufficient-data",
        "bar exhausted",
    ]


def test_a_cost_report_that_tells_nothing_is_listed_all_the_same(tmp_path):
    folder = tmp_path / "shop" / "cost" / "2026-W46"
    folder.mkdir(parents=True)
    (folder / WEEKLY_COST.page).write_text("a page")
    broken = {"verdict": "?", "falls_short": False, "budgets": [{"usd": 3, "period": "a month"}, 7]}
    (folder / RESULT).write_text(json.dumps(broken))
    (shelf,) = shelves(tmp_path)
    (entry,) = shelf.entries
    assert all(math.isnan(one) for one in (entry.spent, entry.allowed, entry.left))
    assert "$" not in write_index(tmp_path).read_text()


def test_a_pdf_is_linked_where_there_is_one(tmp_path):
    publish(tmp_path, "my shop", "2026-W46", ("kept", 0.8))
    publish(tmp_path, "my shop", "2026-W45", ("kept", 0.8))
    (tmp_path / "my shop" / "2026-W45" / "weekly-slo.pdf").write_text("a PDF")
    page = Page(write_index(tmp_path).read_text())
    (link,) = page.of("a", **{"class": "pdf"})
    assert link[1]["href"] == "my%20shop/2026-W45/weekly-slo.pdf"
    assert "2026-W45" in link[1]["aria-label"]


def test_the_trend_is_of_a_year_at_most(tmp_path):
    publish(tmp_path, "shop", "2024-W01", ("kept", 0.8))
    publish(tmp_path, "shop", "2026-W46", ("kept", 0.8))
    (shelf,) = shelves(tmp_path)
    assert len(shelf.weeks) == len(shelf.least.dots) == 52
    assert str(shelf.weeks[-1]) == "2026-W46"


def test_every_region_has_a_name_of_its_own(tmp_path):
    publish(tmp_path, "shop", "2026-W46", ("kept", 0.8))
    publish(tmp_path, "search", "2026-W46", ("kept", 0.8))
    publish_cost(tmp_path, "2026-W46", 900)
    page = Page(write_index(tmp_path).read_text())
    names = [one[1]["aria-label"] for one in page.of("div", role="region")]
    assert len(names) == len(set(names)) == 3
