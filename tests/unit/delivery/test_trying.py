"""What is tried again, after how long, and what is given up."""

from __future__ import annotations

from threading import Event

import pytest

from slo.delivery import trying
from slo.delivery.delivery import Sending
from slo.delivery.trying import Effort, sent, within
from slo.errors import DeliveryError
from tests.published_report import Recorder, publish, raising


@pytest.fixture
def slept(monkeypatch):
    waits = []
    monkeypatch.setattr(trying, "sleep", waits.append)
    return waits


@pytest.fixture
def sending(tmp_path):
    return Sending("mail", publish(tmp_path))


def passing(message="not now", after=0.0, reached=()):
    return raising(DeliveryError(message, again=True, after=after, reached=reached))


def test_what_may_pass_is_tried_again_after_growing_waits(sending, slept):
    way = Recorder([passing(), passing()])
    assert sent(way.send, sending, Effort(waits=(1, 4, 9))) == "there"
    assert slept == [1, 4]
    assert way.sendings == [sending] * 3


def test_what_lasts_is_not_tried_again(sending, slept):
    way = Recorder([raising(DeliveryError("no such channel"))])
    with pytest.raises(DeliveryError, match="^no such channel$"):
        sent(way.send, sending, Effort(waits=(1, 4)))
    assert slept == []


def test_the_last_try_says_how_often_it_was_tried(sending, slept):
    way = Recorder([passing("busy")] * 3)
    with pytest.raises(DeliveryError, match=r"^busy \(tried 3 times\)$"):
        sent(way.send, sending, Effort(waits=(1, 4)))
    assert slept == [1, 4]


def test_who_asks_for_time_gets_it_unless_it_is_too_long(sending, slept):
    way = Recorder([passing(after=30), passing(after=2), passing(after=500)])
    with pytest.raises(DeliveryError, match="tried 3 times"):
        sent(way.send, sending, Effort(waits=(4, 4, 4), longest=100))
    assert slept == [30, 4]


def test_who_was_reached_is_not_addressed_again(sending, slept):
    way = Recorder([passing(reached=["a"]), passing(reached=["b"]), passing()])
    with pytest.raises(DeliveryError) as caught:
        sent(way.send, sending, Effort(waits=(1, 1)))
    assert [one.reached for one in way.sendings] == [frozenset(), {"a"}, {"a", "b"}]
    assert caught.value.reached == ("a", "b")


def test_a_way_that_hangs_is_given_up():
    ever = Event()
    with pytest.raises(DeliveryError, match=r"longer than 0\.01 s, and may have arrived"):
        within(0.01, lambda: str(ever.wait()))
    ever.set()


def test_a_timeout_of_the_way_itself_is_its_own():
    def fail():
        raise TimeoutError("the way's")

    with pytest.raises(TimeoutError, match="the way's"):
        within(10, fail)
