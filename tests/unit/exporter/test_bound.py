"""What is written at once is what public methods would have written."""

from __future__ import annotations

import os
import signal
from threading import Lock, Thread
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from exporter import Metrics
from exporter.bound import adder, finisher, share, timer
from exporter.traces import Tracing

BUCKETS = (0.5, 1, 2.5)


def children(lock=None):
    registry = CollectorRegistry()
    made = SimpleNamespace(
        registry=registry,
        gauge=Gauge("open", "Open.", registry=registry),
        counter=Counter("done", "Done.", ["outcome"], registry=registry).labels("ok"),
        histogram=Histogram("took_seconds", "Took.", buckets=BUCKETS, registry=registry),
    )
    if lock is not None:
        for child in (made.gauge, made.counter, made.histogram):
            share(child, lock)
    return made


def resolve(ticket):
    del ticket
    return "resolved"


def exposed(made):
    lines = generate_latest(made.registry).decode().splitlines()
    return [line for line in lines if "_created" not in line]


@given(st.lists(st.floats(0, 1e6) | st.sampled_from(BUCKETS)))
def test_a_call_that_ends_is_written_as_by_public_methods(durations):
    at_once, apart, by_hand = children(Lock()), children(), children()
    for made in (at_once, apart):
        finish = finisher(made.gauge, made.counter, made.histogram)
        begin = adder(made.gauge)
        for seconds in durations:
            begin(1)
            finish(seconds)
    for seconds in durations:
        by_hand.gauge.inc()
        by_hand.counter.inc()
        by_hand.histogram.observe(seconds)
        by_hand.gauge.dec()
    assert exposed(at_once) == exposed(apart) == exposed(by_hand)


@given(st.lists(st.floats(0, 1e6) | st.sampled_from(BUCKETS)))
def test_durations_are_written_as_by_public_methods(durations):
    ours, by_hand = children(), children()
    observe = timer(ours.histogram)
    for seconds in durations:
        observe(seconds)
        by_hand.histogram.observe(seconds)
    assert exposed(ours) == exposed(by_hand)


def test_other_children_serve_by_their_public_methods():
    seen = []
    child = SimpleNamespace(inc=seen.append, observe=lambda seconds: seen.append(("took", seconds)))
    share(child, Lock())
    finisher(child, child, child)(0.25)
    adder(child)(2)
    assert seen == [-1, 1, ("took", 0.25), 2]


def test_within_a_span_durations_are_written_with_their_trace():
    made = children(Lock())
    here = {}
    tracing = Tracing(lambda: here, lambda: {"trace_id": "7"} if here else None)
    finish = finisher(made.gauge, made.counter, made.histogram, tracing)
    finish(0.75)
    here["span"] = 1
    finish(2)
    kept = [s.exemplar for f in made.histogram.collect() for s in f.samples if s.exemplar]
    assert [(one.labels, one.value) for one in kept] == [({"trace_id": "7"}, 2)]
    assert "took_seconds_count 2.0" in exposed(made)


def test_no_write_of_several_threads_is_lost():
    made = children(Lock())
    begin = adder(made.gauge)
    finish = finisher(made.gauge, made.counter, made.histogram)

    def work():
        for _ in range(5_000):
            begin(1)
            finish(0.25)
            made.counter.inc()
            made.histogram.observe(2)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = exposed(made)
    assert {"open 0.0", 'done_total{outcome="ok"} 40000.0', "took_seconds_count 40000.0"} <= {*text}
    assert "took_seconds_sum 45000.0" in text


@pytest.mark.integration
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_children_born_amid_writes_can_write():
    track = Metrics(CollectorRegistry()).track_ticket_processing(resolve)
    going = True

    def work():
        while going:
            track({"category": "billing"})

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    ended: list[int] = []
    while len(ended) < 40 and {*ended} <= {7}:
        child = os.fork()
        if child == 0:
            # One that waits for a lock for ever is ended.
            signal.alarm(10)
            track({"category": "billing"})
            os._exit(7)
        ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    going = False
    for thread in threads:
        thread.join()
    assert ended == [7] * 40
