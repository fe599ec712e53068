"""A mark over a week in Grafana: once, however often it is delivered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slo.delivery.delivering import Terms, again, deliver
from slo.delivery.delivery import Delivery, Sending
from slo.delivery.grafana import GrafanaMark
from slo.delivery.trying import Effort
from slo.errors import DeliveryError
from tests.grafana.exchange import Answer
from tests.grafana.faults import Cut
from tests.grafana.server import standing_in
from tests.integration.grafana.pushing import configured
from tests.integration.grafana.site import Site
from tests.published_report import VERDICT, WEEK, publish

pytestmark = pytest.mark.integration

QUICK = Terms(Effort(waits=(0.0, 0.0)))


@pytest.fixture
def grafana(monkeypatch):
    from tests.grafana.people import Person

    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with standing_in() as server:
        monkeypatch.setenv("GRAFANA_TOKEN", server.token)
        yield Site(server.url, server.token, Person(server.url), "run", "prom-eu-1", server)


@pytest.fixture
def parcel(tmp_path):
    return publish(tmp_path / "reports")


def standing(grafana, tag=f"report:shop/slo/{WEEK}"):
    return grafana.person.annotations(tag)


def test_the_week_is_marked_once_however_often_it_is_delivered(grafana, parcel):
    delivery = Delivery("grafana", GrafanaMark(configured(grafana)))
    for _ in range(3):
        outcome = deliver(parcel, delivery, QUICK, again)
        assert (outcome.state, outcome.detail) == (
            "delivered",
            f"marked as report:shop/slo/{WEEK}",
        )
    (mark,) = standing(grafana)
    assert (mark["time"], mark["timeEnd"]) == (WEEK.span.start, WEEK.span.end)
    assert VERDICT in mark["text"]
    assert f'href="{parcel.link}"' in mark["text"]
    assert {"report", "service:shop", "kept"} <= set(mark["tags"])


def test_a_report_that_says_something_else_changes_its_mark(grafana, parcel):
    way = GrafanaMark(configured(grafana))
    way.send(Sending("grafana", parcel))
    parcel.published.result.update(verdict="One is spent.", falls_short=True)
    way.send(Sending("grafana", parcel))
    (mark,) = standing(grafana)
    assert "One is spent." in mark["text"]
    assert "falls-short" in mark["tags"]


def test_a_write_whose_answer_is_lost_is_tried_again_and_marks_once(grafana, parcel):
    lost = [Cut(carried_out=True)]
    grafana.server.before(
        lambda request, _: lost.pop() if lost and request.method == "POST" else None
    )
    delivery = Delivery("grafana", GrafanaMark(configured(grafana)))
    assert deliver(parcel, delivery, QUICK).state == "delivered"
    assert len(standing(grafana)) == 1


def test_what_grafana_refuses_is_not_tried_again(grafana, parcel):
    grafana.server.before(
        lambda request, _: Answer(403, {"message": "no"}) if request.method == "POST" else None
    )
    with pytest.raises(DeliveryError, match="HTTP 403, no") as caught:
        GrafanaMark(configured(grafana)).send(Sending("grafana", parcel))
    assert not caught.value.again


def test_nobody_there_is_told(parcel, grafana):
    server = replace(configured(grafana), url="http://127.0.0.1:9", retries=0)
    with pytest.raises(DeliveryError, match="http://127.0.0.1:9 cannot be reached"):
        GrafanaMark(server).send(Sending("grafana", parcel))


def test_trying_out_marks_and_takes_away(grafana):
    said = GrafanaMark(configured(grafana)).test("This is a test.")
    assert said == "marked, and taken away again"
    assert standing(grafana, "report-test") == []
    assert [one.request.method for one in grafana.server.writes] == ["POST", "DELETE"]
