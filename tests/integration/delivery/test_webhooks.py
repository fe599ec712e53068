"""Messages to Slack and Teams through a real server: taken, refused, throttled and cut off."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from slo.delivery import trying, webhook
from slo.delivery.delivering import Terms, deliver
from slo.delivery.delivery import Delivery, Sending
from slo.delivery.slack import Slack
from slo.delivery.teams import Teams
from slo.delivery.trying import Effort
from slo.delivery.webhook import Webhook
from slo.errors import ConfigError, DeliveryError
from tests.published_report import VERDICT, publish
from tests.webhook_server import CUT, Answer, taking

pytestmark = pytest.mark.integration

PATH = "/services/T0000000A/B0000000B/sEcReTsEcReT"
QUICK = Terms(Effort(waits=(0.0, 0.0)), ("CHANNEL",))
SLACK, TEAMS = Slack(Webhook("CHANNEL")), Teams(Webhook("CHANNEL"))


@pytest.fixture
def server(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with taking() as held:
        monkeypatch.setenv("CHANNEL", held.address(PATH))
        yield held


@pytest.fixture
def parcel(tmp_path):
    return publish(tmp_path / "reports")


@pytest.fixture
def slept(monkeypatch):
    waits = []
    monkeypatch.setattr(trying, "sleep", waits.append)
    return waits


def refusal(way, parcel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        way.send(Sending("chat", parcel))
    return caught.value


def test_slack_gets_the_message_as_it_was_made(server, parcel):
    assert SLACK.send(Sending("chat", parcel)) == "posted"
    assert server.arrived == [(PATH, (parcel.folder / "slack.json").read_bytes())]
    assert json.loads(server.arrived[0][1])["text"] == VERDICT
    assert server.types == ["application/json; charset=utf-8"]


@pytest.mark.parametrize("taken", [Answer(200, "1"), Answer(202, "")])
def test_teams_gets_the_card_as_it_was_made(server, parcel, taken):
    server.always = taken
    assert TEAMS.send(Sending("chat", parcel)) == "posted"
    assert server.arrived == [(PATH, (parcel.folder / "teams.json").read_bytes())]


@pytest.mark.parametrize(
    ("answer", "again", "said"),
    [
        (Answer(404, "no_service"), False, "HTTP 404: no_service"),
        (Answer(400, "invalid_payload"), False, "HTTP 400: invalid_payload"),
        (Answer(410, "channel_is_archived"), False, "HTTP 410"),
        (Answer(302, "", (("Location", "https://elsewhere"),)), False, "it sends elsewhere"),
        (Answer(500, "oops"), True, "HTTP 500: oops"),
        (Answer(503, ""), True, "HTTP 503"),
        (Answer(429, "slow down"), True, "HTTP 429: slow down"),
        (CUT, True, "the connection broke"),
    ],
)
def test_what_may_pass_is_told_from_what_lasts(server, parcel, answer, again, said):
    server.always = answer
    error = refusal(SLACK, parcel)
    assert error.again is again
    assert said in str(error)
    assert "the webhook that CHANNEL names" in str(error)
    assert len(server.arrived) == 1


@pytest.mark.parametrize(("status", "again"), [(429, True), (503, True), (413, False)])
def test_a_connector_of_teams_that_says_ok_and_did_not_deliver_is_not_believed(
    server, parcel, status, again
):
    said = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP "
    server.always = Answer(200, f"{said}error {status} with ContextId x")
    error = refusal(TEAMS, parcel)
    assert error.again is again
    assert str(status) in str(error)


def test_who_is_throttled_waits_as_long_as_is_asked(server, parcel, slept):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    server.answers = [
        Answer(429, headers=(("Retry-After", "7"),)),
        Answer(503, headers=(("Retry-After", later),)),
    ]
    assert deliver(parcel, Delivery("chat", SLACK), QUICK).state == "delivered"
    assert slept[0] == 7
    assert 40 < slept[1] <= 50
    assert len(server.arrived) == 3


def test_who_is_sent_away_for_long_comes_back_with_the_next_run(server, parcel, slept):
    server.answers = [Answer(429, headers=(("Retry-After", "3600"),))]
    delivery = Delivery("chat", SLACK)
    assert deliver(parcel, delivery, QUICK).state == "failed"
    assert (slept, len(server.arrived)) == ([], 1)
    assert deliver(parcel, delivery, QUICK).state == "delivered"


def test_an_answer_that_does_not_come_is_not_waited_for(server, parcel, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("CHANNEL", f"http://127.0.0.1:{silent.getsockname()[1]}{PATH}")
        monkeypatch.setattr(webhook, "_TIMEOUT", (0.2, 0.2))
        error = refusal(SLACK, parcel)
    assert str(error) == "the webhook that CHANNEL names did not answer in time"
    assert error.again


def test_nobody_at_the_address_is_tried_again(server, parcel, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("CHANNEL", f"http://127.0.0.1:{port}{PATH}")
    error = refusal(SLACK, parcel)
    assert error.again
    assert "cannot be reached: nothing listens there" in str(error)
    monkeypatch.setenv("CHANNEL", f"https://127.0.0.1:{server.port}{PATH}")
    error = refusal(SLACK, parcel)
    assert "T0000000A" not in str(error)


@pytest.mark.parametrize("address", ["hooks.example.com/sEcReT", "http://hooks.example.com/sEcReT"])
def test_an_address_that_all_could_read_is_refused_without_repeating_it(
    server, parcel, monkeypatch, address
):
    monkeypatch.setenv("CHANNEL", address)
    assert str(refusal(SLACK, parcel)) == "the variable CHANNEL holds no address with https://"
    assert server.arrived == []


def test_an_address_that_is_not_set_is_named(server, parcel, monkeypatch):
    monkeypatch.delenv("CHANNEL")
    with pytest.raises(ConfigError, match="environment variable CHANNEL: found nothing"):
        SLACK.send(Sending("chat", parcel))


@pytest.mark.parametrize("status", [400, 500])
def test_a_server_that_repeats_the_address_does_not_get_it_told(server, parcel, status):
    server.always = Answer(status, "nothing at {path}, sEcReTsEcReT")
    outcome = deliver(parcel, Delivery("chat", SLACK), QUICK)
    assert outcome.state == "failed"
    for piece in ("T0000000A", "sEcReT"):
        assert piece not in outcome.detail
    assert "nothing at ***" in outcome.detail


@pytest.mark.parametrize("way", [SLACK, TEAMS])
def test_trying_out_posts_words_that_nobody_takes_for_a_report(server, way):
    assert way.test("This is a test.") == "posted"
    ((_, body),) = server.arrived
    assert "This is a test." in body.decode()
    assert VERDICT not in body.decode()
