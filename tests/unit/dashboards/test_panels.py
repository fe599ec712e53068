"""What each kind of panel is made of, and what thresholds, words and links become."""

import json

import pytest

from slo.dashboards import sdk
from slo.dashboards.display import (
    About,
    Display,
    Link,
    Thresholds,
    Word,
    worse_above,
    worse_below,
)
from slo.dashboards.panel import Draw, bar_gauge, donut, gauge, name, note, stat, timeseries
from slo.dashboards.query import Query
from slo.dashboards.table import HiddenColumn, LabelColumn, Order, ValueColumn, table
from tests.unit.dashboards.test_dashboard_schema import panel_faults, referring

ABOUT = About("Title", "What it means.", "What to do about it.")
RATIO = Display("percentunit", low=0, high=1, thresholds=worse_below(critical=0.9, warning=0.95))


def made(panel) -> dict:
    return json.loads(json.dumps(panel, cls=sdk.JSONEncoder))


def steps(thresholds: Thresholds) -> list:
    return [(step["value"], step["color"]) for step in made(thresholds.config.build())["steps"]]


def test_thresholds_begin_with_nothing_and_rise():
    assert steps(worse_above(critical=5)) == [(None, "green"), (5, "red")]
    assert steps(worse_above(critical=5, warning=3))[1:] == [(3, "yellow"), (5, "red")]
    assert steps(worse_below(critical=0.9)) == [(None, "red"), (0.9, "green")]
    assert steps(worse_below(critical=0.9, warning=0.95))[1:] == [(0.9, "yellow"), (0.95, "green")]
    with pytest.raises(ValueError, match="thresholds rise"):
        worse_above(critical=3, warning=5)


def test_a_link_keeps_the_time_and_variables_and_sets_others():
    given = {"service": "a b", "slo": "${__data.fields.slo}"}
    assert Link("Open", "uid-1", given=given).address == (
        "/d/uid-1?${__url_time_range}&${datasource:queryparam}&${environment:queryparam}"
        "&var-service=a%20b&var-slo=${__data.fields.slo}"
    )


def test_words_stand_for_numbers_and_for_none():
    words = (Word(0, "fine", "green"), Word(2, "bad", "red"), Word(None, "unknown", "grey"))
    numbers, other = made(Display("none", words=words).mappings)
    assert {value: one["text"] for value, one in numbers["options"].items()} == {
        "0": "fine",
        "2": "bad",
    }
    assert other["options"]["match"] == "null+nan"
    assert other["options"]["result"]["text"] == "unknown"


EVERY_KIND = {
    "stat": stat(ABOUT, RATIO, Query("up")),
    "name": name(ABOUT, Display("none"), Query("up", "{{job}}")),
    "gauge": gauge(ABOUT, RATIO, Query("up")),
    "bargauge": bar_gauge(ABOUT, RATIO, Query("up", "{{job}}")),
    "piechart": donut(ABOUT, Display("currencyUSD"), Query("up", "{{job}}")),
    "text": note("Title", "Text."),
    **{
        draw.value: timeseries(
            ABOUT,
            RATIO,
            Query("up"),
            Query("down", right_unit="currencyUSD"),
            Query("limit", limit=True),
            draw=draw,
        )
        for draw in Draw
    },
    "table": table(
        ABOUT,
        (
            HiddenColumn("job"),
            LabelColumn("Job", "name", links=(Link("Open", "uid-1"),)),
            ValueColumn("Share", "a", RATIO, bar=True),
            ValueColumn("State", "b", Display("none", words=(Word(0, "fine", "green"),))),
        ),
        order=(Order("Share"), Order("State", descending=True)),
    ),
}


@referring
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_of_panel_keeps_to_grafanas_schemas(kind):
    assert list(panel_faults(made(EVERY_KIND[kind]))) == []


@pytest.mark.parametrize("kind", [kind for kind in EVERY_KIND if kind != "text"])
def test_every_kind_of_panel_has_its_texts_and_asks_the_chosen_datasource(kind):
    panel = made(EVERY_KIND[kind])
    assert panel["description"] == "What it means.\n\n**What to do:** What to do about it."
    uids = [panel["datasource"]["uid"], *(t["datasource"]["uid"] for t in panel["targets"])]
    assert {*uids} == {"${datasource}"}
    now = panel["type"] != "timeseries"
    assert all((t["instant"], t["range"]) == (now, not now) for t in panel["targets"])


def test_axes_and_limits_are_the_querys():
    panel = made(EVERY_KIND["stacked bars"])
    right, limit = panel["fieldConfig"]["overrides"]
    assert right["matcher"] == {"id": "byFrameRefID", "options": "B"}
    assert {"id": "custom.axisPlacement", "value": "right"} in right["properties"]
    assert limit["matcher"]["options"] == "C"
    styles = {one["id"]: one["value"] for one in limit["properties"]}
    assert styles["custom.lineStyle"]["fill"] == "dash"


def test_a_tables_columns_are_joined_named_and_sorted():
    panel = made(EVERY_KIND["table"])
    merge, kept, organize, *sorts = panel["transformations"]
    assert merge["id"] == "merge"
    assert kept["options"]["include"]["names"] == ["job", "name", "Value #A", "Value #B"]
    assert organize["options"]["renameByName"] == {
        "job": "job",
        "name": "Job",
        "Value #A": "Share",
        "Value #B": "State",
    }
    # The last sort counts most.
    assert [one["options"]["sort"][0]["field"] for one in sorts] == ["State", "Share"]
    cells = {
        override["matcher"]["options"]: {p["id"]: p["value"] for p in override["properties"]}
        for override in panel["fieldConfig"]["overrides"]
    }
    assert cells["job"]["custom.hidden"] is True
    assert cells["Share"]["custom.cellOptions"]["type"] == "gauge"
    assert cells["State"]["custom.cellOptions"]["type"] == "color-text"


def test_a_single_value_has_no_letter():
    panel = made(table(ABOUT, (LabelColumn("Job", "job"), ValueColumn("Up", "up", RATIO))))
    assert panel["transformations"][1]["options"]["include"]["names"] == ["job", "Value"]


def test_a_seventh_column_is_refused():
    columns = [LabelColumn(f"L{i}", f"l{i}") for i in range(7)]
    with pytest.raises(ValueError, match="Title: 7 columns"):
        table(ABOUT, columns)
    table(ABOUT, [*columns[:6], HiddenColumn("more")])
