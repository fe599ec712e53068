"""Checks of Prometheus itself: prometheus, clock, history, alert-sending."""

import pytest

from slo.doctor.checks.alert_sending import alert_sending
from slo.doctor.checks.clock import clock
from slo.doctor.checks.history import history
from slo.doctor.checks.prometheus import prometheus
from slo.errors import HistoryError
from slo.model.duration import DAY
from slo.promql import counter_selector
from tests.answering import NOW, UNREACHABLE, Answering

REQUESTS = counter_selector("requests_total")
PAYMENTS = counter_selector("payments_total")


def running(**fields):
    return Answering(
        {
            "status/buildinfo": {"version": fields.pop("version", "3.1.0")},
            "status/runtimeinfo": {"reloadConfigSuccess": True, "corruptionCount": 0, **fields},
            "status/tsdb": {"headStats": {"numSeries": 12345}},
        }
    )


def test_a_server_that_answers_is_told_with_its_version():
    found = prometheus(running())
    assert (found.state, found.found) == (
        "fine",
        "Prometheus 3.1.0 answers at http://prometheus.test, 12,345 series in memory",
    )


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({"reloadConfigSuccess": False}, "broken", "last reload of the configuration failed"),
        ({"corruptionCount": 2}, "attention", "corrupt 2 times"),
        ({"version": "2.37.8"}, "attention", "keep_firing_for need 2.42"),
        ({"version": "2.42.0+ds"}, "fine", "2.42.0+ds"),
        ({"version": "v2.103.1-thanos"}, "fine", "thanos"),
        ({"version": "unknown"}, "fine", "unknown"),
    ],
)
def test_what_a_server_says_of_itself_counts(fields, state, words):
    found = prometheus(running(**fields))
    assert found.state == state
    assert words in found.found


def test_a_compatible_server_need_not_speak_of_itself():
    found = prometheus(Answering())
    assert (found.state, found.found.split(" answers")[0]) == (
        "fine",
        "a server that does not tell its version",
    )


@pytest.mark.parametrize(
    ("off", "round_trip", "state"),
    [
        (0, 0.2, "fine"),
        (4, 0.2, "fine"),
        (-20, 0.2, "attention"),
        (20, 0.2, "attention"),
        (300, 0.2, "broken"),
        # A slow answer lets nobody see so little.
        (8, 10, "fine"),
    ],
)
def test_clocks(off, round_trip, state):
    ticks = iter([NOW, NOW + round_trip])
    found = clock(Answering(clock=NOW + round_trip / 2 + off), lambda: next(ticks))
    assert found.state == state
    if state != "fine":
        assert found.found == (
            f"Prometheus' clock is {abs(off)} s {'ahead of' if off > 0 else 'behind'} "
            "this machine's"
        )


def kept(retention, **days):
    return Answering(
        {"status/runtimeinfo": {"storageRetention": retention}} if retention else {},
        since={name: age * 86_400 for name, age in days.items()},
    )


@pytest.mark.parametrize(
    ("retention", "days", "state", "words"),
    [
        (
            "90d",
            60,
            "fine",
            "from 30d ago; samples are kept for 90d (--storage.tsdb.retention.time)",
        ),
        ("90d or 50GiB", 60, "fine", "from 30d ago"),
        ("15d", 15, "broken", "samples go after 15d, before the longest period (30d) is over"),
        ("32d", 32, "attention", "samples go after 32d"),
        ("90d", 3, "attention", "the youngest indicator has 3.0 days of samples"),
        ("", 60, "fine", "every indicator has samples from 30d ago"),
        ("", 3, "attention", "3.0 days"),
        ("", 0.5, "attention", "less than a day of samples"),
        ("50GiB", 60, "fine", "from 30d ago"),
    ],
)
def test_histories(retention, days, state, words):
    found = history(kept(retention, requests=days), [REQUESTS], 30 * DAY)
    assert found.state == state, found
    assert words in found.found


def test_the_youngest_indicator_is_the_one_that_is_told():
    found = history(kept("", requests=60, payments=2), [REQUESTS, PAYMENTS], 30 * DAY)
    assert found.state == "attention"
    (told,) = found.details
    assert told.startswith("payments_total: since 2027-01-1")
    assert "set --storage.tsdb.retention.time=44d" in found.to_do
    enough = history(kept("90d", requests=2), [REQUESTS], 30 * DAY)
    assert enough.to_do == "wait: nothing is wrong, there just is no more yet"


def test_no_samples_at_all_are_broken():
    assert history(kept("90d"), [REQUESTS], 30 * DAY).state == "broken"


def test_alerts_that_go_nowhere():
    def known(*urls):
        return {"alertmanagers": {"activeAlertmanagers": [{"url": url} for url in urls]}}

    assert alert_sending(Answering(known())).state == "broken"
    found = alert_sending(Answering(known("http://me:s3cret@a:9093/api/v2/alerts", "http://b")))
    assert (found.state, found.found) == ("fine", "Prometheus sends alerts to a:9093, b")
    failing = {"prometheus_notifications_errors_total": [({"alertmanager": "http://a"}, 7.2)]}
    found = alert_sending(Answering(known("http://a"), failing))
    assert (found.state, found.details) == ("attention", ("http://a: 7 in the last hour",))
    assert alert_sending(Answering()).state == "not checked"


@pytest.mark.parametrize("check", [alert_sending])
def test_a_server_that_does_not_answer_is_no_finding_of_theirs(check):
    with pytest.raises(HistoryError):
        check(Answering({"alertmanagers": UNREACHABLE}))
