"""At least once, written down before and after, and no failure that stops another."""

from __future__ import annotations

import json
import stat

import pytest

from slo.delivery import delivering
from slo.delivery.delivering import Terms, again, deliver, foresee, try_out
from slo.delivery.delivery import Delivery
from slo.delivery.record import Entry, read_record, record_of, write_record
from slo.delivery.trying import Effort
from slo.errors import ConfigError, DeliveryError, WriteError
from slo.report.kinds import WEEKLY_COST
from slo.report.runs import lock
from slo.report.runs.lock import only_one
from slo.report.runs.publishing import keeping, tidied
from tests.published_report import Recorder, publish, raising

ONCE = Terms(Effort(waits=()))


@pytest.fixture
def parcel(tmp_path):
    return publish(tmp_path / "reports")


def entry(parcel, name="team"):
    return read_record(parcel.folder)[name]


def test_a_report_is_delivered_once_however_often_it_is_asked_for(parcel):
    way = Recorder()
    delivery = Delivery("team", way)
    first = deliver(parcel, delivery, ONCE)
    second = deliver(parcel, delivery, ONCE)
    assert (first.state, first.detail) == ("delivered", "there")
    assert second.state == "delivered before"
    assert second.detail.endswith("Z: there")
    assert len(way.sendings) == 1
    assert str(first) == "shop 2026-W46 (slo) to team"


def test_it_is_written_down_as_begun_before_anything_is_sent(parcel):
    seen = []
    way = Recorder([lambda _: seen.append(entry(parcel).state) or "there"])
    deliver(parcel, Delivery("team", way), ONCE)
    assert (seen, entry(parcel).state) == (["begun"], "delivered")


def test_what_began_and_did_not_end_is_sent_again_as_the_same(parcel):
    way = Recorder()
    write_record(parcel.folder, {"team": Entry("begun", "2026-11-16T06:17:00Z", number=2)})
    assert deliver(parcel, Delivery("team", way), ONCE).state == "delivered"
    assert [one.identity for one in way.sendings] == ["team/shop/2026-W46/2"]


def test_what_failed_is_tried_by_the_next_run_as_the_same(parcel):
    way = Recorder([raising(DeliveryError("no such channel"))])
    delivery = Delivery("team", way)
    failed = deliver(parcel, delivery, ONCE)
    assert (failed.state, failed.detail) == ("failed", "no such channel")
    assert entry(parcel).detail == "no such channel"
    assert deliver(parcel, delivery, ONCE).state == "delivered"
    assert {one.identity for one in way.sendings} == {"team/shop/2026-W46/1"}
    assert entry(parcel).detail == "there"


def test_again_is_another_sending(parcel):
    way = Recorder()
    delivery = Delivery("team", way)
    for _ in range(3):
        assert deliver(parcel, delivery, ONCE, again).state == "delivered"
    assert [one.number for one in way.sendings] == [1, 2, 3]


def test_again_after_a_failure_is_the_same_sending(parcel):
    way = Recorder([raising(DeliveryError("busy"))])
    delivery = Delivery("team", way)
    deliver(parcel, delivery, ONCE, again)
    deliver(parcel, delivery, ONCE, again)
    assert [one.number for one in way.sendings] == [1, 1]


def test_who_was_reached_before_is_told_to_the_way(parcel):
    way = Recorder([raising(DeliveryError("b is full", reached=["a"]))])
    delivery = Delivery("team", way)
    deliver(parcel, delivery, ONCE)
    assert entry(parcel).reached == ("a",)
    deliver(parcel, delivery, ONCE)
    assert way.sendings[1].reached == {"a"}
    assert entry(parcel).reached == ()


def test_deliveries_do_not_know_each_other(parcel):
    broken = Recorder([raising(DeliveryError("no")), raising(RuntimeError("a bug"))])
    whole = Recorder()
    for name, way in (("one", broken), ("two", broken), ("three", whole)):
        deliver(parcel, Delivery(name, way), ONCE)
    states = {name: one.state for name, one in read_record(parcel.folder).items()}
    assert states == {"one": "failed", "two": "failed", "three": "delivered"}
    assert entry(parcel, "two").detail == "RuntimeError: a bug"


def test_filters_say_what_is_wanted(parcel, tmp_path):
    cost = publish(tmp_path / "reports", kind=WEEKLY_COST, falls_short=True)
    way = Recorder()

    def wanted(**filters):
        return [Delivery("team", way, **filters).wants(one) for one in (parcel, cost)]

    assert wanted() == [True, True]
    assert wanted(reports=("cost",)) == [False, True]
    assert wanted(services=("shop",)) == [True, True]
    assert wanted(services=("search",)) == [False, False]
    assert wanted(when="falls short") == [False, True]
    unwanted = deliver(parcel, Delivery("team", way, when="falls short"), ONCE)
    assert unwanted.state == "not wanted"
    assert way.sendings == []
    assert not record_of(parcel.folder).exists()


def test_what_cannot_be_written_down_is_not_sent(parcel, monkeypatch):
    def full(*_):
        raise WriteError("the disk is full")

    monkeypatch.setattr(delivering, "write_record", full)
    way = Recorder()
    outcome = deliver(parcel, Delivery("team", way), ONCE)
    assert (outcome.state, outcome.detail) == ("failed", "the disk is full")
    assert way.sendings == []


def test_what_arrived_and_was_not_written_down_says_so(parcel, monkeypatch):
    def only_begun(folder, record):
        if record["team"].state != "begun":
            raise WriteError("the disk is full")
        write_record(folder, record)

    monkeypatch.setattr(delivering, "write_record", only_begun)
    outcome = deliver(parcel, Delivery("team", Recorder()), ONCE)
    assert outcome.state == "failed"
    assert "it was delivered (there)" in outcome.detail
    assert "so it will be again: the disk is full" in outcome.detail
    assert entry(parcel).state == "begun"


@pytest.mark.parametrize("text", ["", "[]", '{"team": {"state": "done", "at": ""}}', '{"team"'])
def test_a_record_that_cannot_be_read_stops_its_report_and_says_what_to_do(parcel, text):
    record_of(parcel.folder).write_text(text)
    way = Recorder()
    outcome = deliver(parcel, Delivery("team", way), ONCE)
    assert outcome.state == "failed"
    assert str(record_of(parcel.folder)) in outcome.detail
    assert "delete it" in outcome.detail
    assert way.sendings == []
    assert record_of(parcel.folder).read_text() == text


def test_only_one_delivers_a_report(parcel, monkeypatch):
    monkeypatch.setattr(lock, "_PATIENCE", 0.0)
    way = Recorder()
    with keeping(parcel.folder):
        outcome = deliver(parcel, Delivery("team", way), ONCE)
    assert outcome.state == "under way"
    assert way.sendings == []
    assert [one.name for one in parcel.folder.parent.iterdir()] == ["2026-W46"]


def test_a_report_is_not_replaced_while_it_is_delivered(parcel, monkeypatch):
    monkeypatch.setattr(lock, "_PATIENCE", 0.0)
    locked = parcel.folder.with_name(".2026-W46.lock")
    seen = []
    way = Recorder([lambda _: seen.append(locked.exists()) or "there"])
    deliver(parcel, Delivery("team", way), ONCE)
    assert (seen, locked.exists()) == ([True], False)
    with only_one(locked, "2026-W46"):
        assert deliver(parcel, Delivery("other", way), ONCE).state == "under way"


def test_clearing_up_leaves_records_alone(parcel):
    deliver(parcel, Delivery("team", Recorder()), ONCE)
    tidied(parcel.folder.parent)
    assert entry(parcel).state == "delivered"


def test_a_record_is_for_colleagues_to_read(parcel):
    deliver(parcel, Delivery("Grüße", Recorder()), ONCE)
    path = record_of(parcel.folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert "Grüße" in path.read_text(encoding="utf-8")
    assert set(json.loads(path.read_text())["Grüße"]) == {"state", "at", "number", "detail"}


def test_what_is_foreseen_is_what_is_done_and_leaves_nothing(parcel):
    delivery = Delivery("team", Recorder())
    assert foresee(parcel, delivery).state == "to be delivered"
    assert not record_of(parcel.folder).exists()
    deliver(parcel, delivery, ONCE)
    assert foresee(parcel, delivery).state == "delivered before"
    assert foresee(parcel, delivery, again).state == "to be delivered"
    assert foresee(parcel, Delivery("x", Recorder(), when="falls short")).state == "not wanted"


def test_secrets_are_said_and_written_nowhere(parcel, monkeypatch):
    monkeypatch.setenv("CHANNEL", "https://hooks.example.com/T0K3N-of-ours")
    terms = Terms(Effort(waits=()), ("CHANNEL",))
    errors = [
        DeliveryError("bad /T0K3N-of-ours"),
        ConfigError("bad https://hooks.example.com/T0K3N-of-ours"),
        OSError("bad T0K3N-of-ours\nand more"),
    ]
    for error in errors:
        outcome = deliver(parcel, Delivery("team", Recorder([raising(error)])), terms)
        assert "T0K3N" not in outcome.detail + record_of(parcel.folder).read_text()
        assert "***" in outcome.detail
        assert "\n" not in outcome.detail
        arrived, said = try_out(Delivery("team", Recorder([raising(error)])), "a test", terms)
        assert (arrived, "T0K3N" in said) == (False, False)
    told = Recorder([lambda _: "posted to https://hooks.example.com/T0K3N-of-ours"])
    assert deliver(parcel, Delivery("team", told), terms).detail == "posted to ***"


def test_trying_out_says_the_words_and_leaves_no_record(parcel):
    way = Recorder()
    assert try_out(Delivery("team", way), "This is a test.", ONCE) == (True, "there")
    assert way.words == ["This is a test."]
    assert not record_of(parcel.folder).exists()
