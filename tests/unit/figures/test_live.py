import pytest

import slo
from slo.figures.live import LiveFigure
from slo.model.span import Span
from tests.shop import SPAN, availability, history, incident, stretch

OUTAGE = stretch(2, 1)
PAST = history((OUTAGE, 0.5))


def picture(**how):
    return slo.figures.policy_course(availability(), PAST, [incident(OUTAGE)], **how)


@pytest.fixture
def live():
    return LiveFigure(picture())


def zoomed_by_hand(live, **range_):
    """What plotly.js tells the kernel when somebody drags over the figure."""
    live.widget._js2py_relayout = {"relayout_data": range_, "source_view_id": "a"}


def test_it_offers_no_upload(live):
    assert live.widget._config["showSendToCloud"] is False
    assert live.widget._config["plotlyServerURL"] == ""


def test_another_picture_takes_its_place_and_the_zoom_stays(live):
    live.zoom(OUTAGE)
    other = picture(alert="ticket-1d", span=OUTAGE)
    live.redraw(other)
    shown = live.widget.to_dict()
    expected = other.to_dict()
    for drawn, wanted in zip(shown["data"][1:], expected["data"], strict=True):
        assert drawn["name"] == wanted["name"]
        assert list(map(str, drawn["x"])) == list(map(str, wanted["x"]))
    assert shown["layout"]["shapes"] == expected["layout"]["shapes"]
    assert shown["layout"]["yaxis2"] == expected["layout"]["yaxis2"]
    assert live.shown == OUTAGE


def test_only_what_differs_is_sent(live):
    sent = []
    live.widget.observe(lambda change: sent.append(change.new), "_py2js_update")
    live.redraw(picture())
    assert [message for message in sent if message] == []
    live.redraw(picture(alert="ticket-1d"))
    (message,) = [message for message in sent if message]
    assert "orientation" not in message["style_data"]
    assert "xaxis" not in message["layout_data"]
    assert set(message["style_data"]) <= {"x", "y", "customdata", "name"}


def test_what_somebody_zoomed_to_is_understood_in_utc(live):
    seen = []
    live.on_zoom(lambda: seen.append(live.shown))
    edges = {"xaxis.range[0]": "2026-11-18 03:00:00.5", "xaxis.range[1]": "2026-11-18 04:00"}
    zoomed_by_hand(live, **edges)
    assert seen == [Span(1_794_970_800_500, 1_794_974_400_000)]
    zoomed_by_hand(live, **{"xaxis.autorange": True})
    assert seen[-1] is None


def test_it_begins_with_all_of_the_time(live):
    assert live.shown == SPAN


def test_a_trace_that_never_changes_says_that_the_axis_is_one_of_time(live):
    first = live.widget.data[0].to_plotly_json()
    assert [edge.timestamp() * 1000 for edge in first["x"]] == [SPAN.start, SPAN.end]
    live.redraw(picture(alert="ticket-1d", span=OUTAGE))
    assert live.widget.data[0].to_plotly_json() == first
    assert (first["opacity"], first["hoverinfo"], first["showlegend"]) == (0, "skip", False)


def test_a_click_says_on_what(live):
    seen = []
    live.on_click(lambda trace, index: seen.append((trace, index)))
    live.widget._js2py_pointsCallback = {
        "event_type": "plotly_click",
        "points": {"trace_indexes": [2], "point_indexes": [0], "xs": [0], "ys": ["page-1h"]},
        "device_state": None,
        "selector": None,
    }
    assert seen == [(1, 0)]
