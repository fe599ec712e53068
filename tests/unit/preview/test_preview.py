"""Everything between a dashboard's JSON and its page, with a source that answers at once."""

from contextlib import contextmanager

import pytest

from slo.errors import ConfigError
from slo.history.queries import QueryRefused
from slo.model.samples import series_of
from slo.model.span import Week
from slo.preview.page import figures_of, page, shortfalls, summary
from slo.preview.preview import preview
from slo.preview.reading import read_dashboard
from slo.preview.views import Bars, Dials, Message, Plot, Table, Tiles, Words
from tests.preview_dashboards import dashboard, panel, settings, shop, target, write

NOW = Week(2026, 47).span.start


class Answers:
    """A source of constants: 1 for code 200, 2 for code 500, whatever is asked."""

    name = "made up"
    caution = "Nothing here is true."

    def now(self):
        return NOW

    @contextmanager
    def answering(self, dashboard, shown):
        yield self

    def at(self, expr, instant):
        return self._series(expr, [instant])

    def over(self, expr, grid):
        return self._series(expr, grid.instants)

    def _series(self, expr, times):
        if "no_such_series" in expr:
            return ()
        if expr.count("(") != expr.count(")"):
            raise QueryRefused("parse error: unclosed left parenthesis")
        codes = ("200", "500") if "code" in expr and "rate(" not in expr else ("",)
        return tuple(
            series_of({"code": code}, times, [float(n)] * len(times))
            for n, code in enumerate(codes, start=1)
        )


def previewed(folder, tree, **wanted):
    return preview([read_dashboard(write(folder, tree))], Answers(), **wanted)


@pytest.fixture
def found(tmp_path):
    return previewed(tmp_path, shop())


def test_each_kind_of_panel_has_its_view(found):
    kinds = [type(one.view) for one in found.dashboards[0].panels]
    assert kinds == [
        Tiles, Dials, Message, Message, Message, Plot, Plot, Table, Bars, Plot, Words, Tiles
    ]  # fmt: skip


def test_what_has_no_data_is_counted_and_told(found):
    assert (
        summary(found)
        == "12 panels: 9 with data, 1 without data, 1 with an error, 1 not shown here"
    )
    assert found.falls_short
    assert [(panel.panel.title, panel.reason) for _, panel in shortfalls(found)] == [
        ("Missing", "No data"),
        ("Broken", "A: parse error: unclosed left parenthesis"),
    ]


def test_numbers_reach_the_page(found):
    html = page(found)
    assert '<b data-value="1.0" style="--letters: 7">1<small> req/s</small></b>' in html
    assert "Nothing here is true." in html
    assert "Not in a preview" in html
    assert "panels of type “heatmap”" in html
    assert html.count("plotly.js v") == 1
    assert 'id="plot-shop-001-5"' in html
    assert len(figures_of(found)) == 3


def test_every_panel_says_what_it_means_and_what_it_asked(found):
    html = page(found)
    body = html[: html.index('<script type="application/json"')]
    assert body.count("What it asks") == 2 * 11
    assert "requests_total{code=~&#34;(200|500)&#34;}[4m]" in body
    assert "<p>What to do: look.</p>" in body


def test_no_text_of_a_dashboard_becomes_markup(tmp_path):
    evil = "</script><script>alert(1)</script><b onclick=x>"
    tree = dashboard(
        panel("timeseries", evil, (0, 0, 4, 4), target("1", legendFormat=evil), description=evil),
        panel("text", evil, (4, 0, 4, 4), options={"content": evil}),
        title=evil,
    )
    html = page(previewed(tmp_path, tree))
    assert "<script>alert" not in html
    assert "<b onclick" not in html


def test_a_gauge_and_a_stat_have_the_colour_of_their_threshold(tmp_path):
    ruled = settings("percentunit", ((None, "green"), (0.5, "red")), min=0, max=2)
    tree = dashboard(
        panel("gauge", "G", (0, 0, 4, 4), target("x", instant=True), fieldConfig=ruled),
        panel("stat", "S", (4, 0, 4, 4), target("x"), fieldConfig=ruled),
    )
    dials, tiles = (one.view for one in previewed(tmp_path, tree).dashboards[0].panels)
    assert dials.dials[0].colour == tiles.tiles[0].colour == "#e02f44"
    assert dials.dials[0].ends == ("0%", "200%")


def test_a_table_merges_sorts_and_renames(found):
    table = found.dashboards[0].panels[7].view
    assert [one.title for one in table.columns] == ["code", "An hour", "Sixty"]
    assert [[str(cell.text) for cell in row] for row in table.rows] == [
        ["500", "2", "2"], ["200", "1", "1"]
    ]  # fmt: skip


def test_unknown_transformations_are_shown_as_such(tmp_path):
    one = panel("table", "T", (0, 0, 4, 4), target("x"), transformations=[{"id": "smoothing"}])
    (shown,) = previewed(tmp_path, dashboard(one)).dashboards[0].panels
    assert shown.state == "not shown"
    assert "smoothing" in shown.reason


def test_variables_can_be_chosen_and_must_exist(tmp_path):
    chosen = previewed(tmp_path, shop(), wanted={"code": ["500"]}).dashboards[0]
    assert chosen.panels[0].answer.questions[0].expr.count('code=~"500"') == 1
    with pytest.raises(ConfigError, match="--var nothing: found no such variable, .* code"):
        previewed(tmp_path, shop(), wanted={"nothing": ["1"]})


def test_hours_take_the_place_of_the_dashboards_range(tmp_path):
    found = previewed(tmp_path, shop(), hours=2).dashboards[0]
    assert found.answer.range.span.length == 2 * 3600 * 1000


def test_a_panel_may_have_a_range_of_its_own(tmp_path):
    one = panel("timeseries", "T", (0, 0, 4, 4), target("x[$__range]"), timeFrom="7d")
    (question,) = previewed(tmp_path, dashboard(one)).dashboards[0].panels[0].answer.questions
    assert question.expr == "x[604800s]"
    assert question.grid.end - question.grid.start == 7 * 24 * 3600 * 1000
