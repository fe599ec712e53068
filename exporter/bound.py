"""The shortest way to children of metrics, for what is written at every call.

The public methods of prometheus_client ask at each call whether the metric can be written to and
whether the amount is one, which a child that was bound and a duration that was measured need not
be asked; and each value has a lock of its own, which takes most of the time. All children of one
registry share a lock here, so that what belongs together is written in one stretch. Public methods
take the same lock. Where values are kept elsewhere, as by several processes in files or by another
version of the client, public methods do the work.
"""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Lock

    from exporter.traces import Tracing


def share(child: Any, lock: Lock) -> None:
    """Let the values of a child that nobody else has seen yet be guarded by a lock."""
    with suppress(AttributeError):
        for value in _values(child):
            # Values in files have a lock of their own, for all of them.
            if hasattr(value, "_lock"):
                value._lock = lock


def adder(child: Any) -> Callable[[float], None]:
    """What adds a finite amount to a counter's or a gauge's child; to a counter's from 0 on."""
    add: Callable[[float], None]
    try:
        add = child._value.inc
    except AttributeError:
        add = child.inc
    return add


def timer(child: Any, tracing: Tracing | None = None) -> Callable[[float], None]:
    """What adds a finite duration from 0 on to a histogram's child, with its trace if any."""
    observe: Callable[[float], None] = child.observe
    if tracing is not None:
        exemplar = tracing.exemplar
        return lambda seconds: child.observe(seconds, exemplar())
    try:
        total, bounds = child._sum.inc, child._upper_bounds
        buckets = [bucket.inc for bucket in child._buckets]
    except AttributeError:
        return observe

    def observe_at_once(seconds: float) -> None:
        total(seconds)
        buckets[bisect_left(bounds, seconds)](1)

    return observe_at_once


def finisher(
    progress: Any, counter: Any, histogram: Any, tracing: Tracing | None = None
) -> Callable[[float], None]:
    """What writes that a call is over: one fewer in progress, one more counted, and its duration.

    Args:
        progress: A gauge's child.
        counter: A counter's child.
        histogram: A histogram's child, of seconds.
        tracing: Tells the trace that the duration belongs to.

    """
    one_fewer, one_more, observe = adder(progress), adder(counter), timer(histogram, tracing)

    def finish(seconds: float) -> None:
        one_fewer(-1)
        one_more(1)
        observe(seconds)

    lock = _shared_lock(progress, counter, histogram)
    if lock is None:
        return finish
    going, done = progress._value, counter._value
    total, bounds, buckets = histogram._sum, histogram._upper_bounds, histogram._buckets

    def finish_at_once(seconds: float) -> None:
        bucket = buckets[bisect_left(bounds, seconds)]
        with lock:
            going._value -= 1
            done._value += 1
            total._value += seconds
            bucket._value += 1

    if tracing is None:
        return finish_at_once
    context = tracing.context

    def finish_with_trace(seconds: float) -> None:
        if context():
            finish(seconds)
        else:
            finish_at_once(seconds)

    return finish_with_trace


def _values(child: Any) -> list[Any]:
    if hasattr(child, "_buckets"):
        return [child._sum, *child._buckets]
    return [child._value]


def _shared_lock(*children: Any) -> Any:
    """The lock that guards all of them; None where it is not one."""
    try:
        values = [value for child in children for value in _values(child)]
        locks = {id(value._lock): value._lock for value in values}
    except AttributeError:
        return None
    return next(iter(locks.values())) if len(locks) == 1 else None
