"""The index of all weeks, from what lies in the folder of reports."""

from __future__ import annotations

import json
import math
import os
import re
from dataclasses import replace
from html import unescape

from slo.model.span import Week
from slo.report.kinds import RESULT, WEEKLY_SLO
from slo.report.pages import index
from slo.report.pages.index import INDEX, shelves, trend, write_index


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
    assert search.trend.path == ""


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


def test_a_trend_breaks_where_there_is_no_number_and_keeps_zero_in_sight():
    line = trend([1.0, math.nan, 0.5, -1.0])
    assert [x for x, _ in line.dots] == [4.0, 158.7, 236.0]
    assert line.path.count("M") == 2
    assert line.path.count("L") == 1
    heights = [y for _, y in line.dots]
    assert heights[0] == 4.0
    assert heights[2] == 44.0
    assert line.zero == 24.0


def test_a_single_week_has_no_trend():
    assert trend([0.5]).path == ""
    assert trend([]).dots == ()
