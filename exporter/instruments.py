"""The metrics of one registry and their children, each bound once, none beyond the limit.

A finalizer may run in the middle of anything, also while its own thread holds a metric's lock: if
it then asked for a new child, it would wait for itself for ever. It is told to come later.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from threading import Lock, RLock, get_ident
from typing import TYPE_CHECKING, Any

from exporter.bound import share
from exporter.definitions import DEFINITIONS, NAMESPACE, register
from exporter.labels import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import CollectorRegistry, Metric

    from exporter.labels import LabelGuard

_DROPPED = "metrics_dropped_labels_total"


class LaterError(Exception):
    """This thread is in the middle of binding or collecting: record when it has ended."""


class Instruments:
    """Binds the children of the metrics of a registry.

    Args:
        registry: Where they are created.
        guard: Decides on label values.
        most: Series of all metrics together, from which on label values become ``other``.

    Raises:
        ValueError: The registry has such metrics already.

    """

    def __init__(self, registry: CollectorRegistry, guard: LabelGuard, most: int) -> None:
        self._guard = guard
        self._left = most
        self._metrics: dict[str, Any] = {
            name.removeprefix(NAMESPACE): metric for name, metric in register(registry).items()
        }
        self._labels = {d.name.removeprefix(NAMESPACE): d.labels for d in DEFINITIONS}
        # A histogram has a series a bucket, one for infinity, its count and its sum.
        self._cost = {
            d.name.removeprefix(NAMESPACE): len(d.buckets) + 3 if d.buckets else 1
            for d in DEFINITIONS
        }
        self._children: dict[tuple[object, ...], Any] = {}
        self._binding, self._writing, self._busy = RLock(), Lock(), set[int]()
        for name, metric in self._metrics.items():
            if not self._labels[name]:
                share(metric, self._writing)
        _keep_whole_when_forking(self._binding, self._writing)

    def metric(self, name: str) -> Any:
        """The metric itself, by its name without the namespace."""
        return self._metrics[name]

    def collect(self) -> Iterator[Metric]:
        """What all of them say at this moment."""
        for metric in self._metrics.values():
            yield from metric.collect()

    def child(self, name: str, *values: object) -> Any:
        """The child of a metric for some label values, as far as they are admitted.

        Args:
            name: The metric, without the namespace.
            *values: In the order of its labels.

        Raises:
            LaterError: This is a finalizer in the middle of something.

        """
        try:
            found = self._children[name, *values]
        except (KeyError, TypeError):
            return self._bound(name, values)
        # Files that worker processes share have one lock for all values, bound or not.
        if self._busy and get_ident() in self._busy:
            raise LaterError
        return found

    def remembers(self, name: str, *values: object) -> bool:
        """Whether these label values stand as they are given."""
        try:
            return (name, *values) in self._children
        except TypeError:
            # Values may be of any kind.
            return False

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """While this thread collects it may hold the metrics' locks, and must not bind."""
        me = get_ident()
        self._busy.add(me)
        try:
            yield
        finally:
            self._busy.discard(me)

    def _bound(self, name: str, values: tuple[object, ...]) -> Any:
        me = get_ident()
        if me in self._busy:
            raise LaterError
        with self._binding:
            self._busy.add(me)
            try:
                return self._admitted(name, values)
            finally:
                self._busy.discard(me)

    def _admitted(self, name: str, values: tuple[object, ...]) -> Any:
        labels = self._labels[name]
        if not labels:
            return self._metrics[name]
        admitted = [self._guard.admit(*pair) for pair in zip(labels, values, strict=True)]
        texts = tuple(one.value for one in admitted)
        folded = any(one.folded for one in admitted)
        if (name, *texts) not in self._children:
            if self._left < self._cost[name] and any(text != OTHER for text in texts):
                texts, folded = (OTHER,) * len(texts), True
            self._make(name, texts)
        # Only what is admitted as it stands is found at once the next time: whatever else was
        # remembered, an attacker would fill the memory with.
        if folded:
            self._drop(name)
        return self._children[name, *texts]

    def _make(self, name: str, texts: tuple[str, ...]) -> None:
        if (name, *texts) not in self._children:
            self._left -= self._cost[name]
            child = self._metrics[name].labels(*texts)
            share(child, self._writing)
            self._children[name, *texts] = child

    def _drop(self, name: str) -> None:
        self._make(_DROPPED, (name,))
        self._children[_DROPPED, name].inc()


def _keep_whole_when_forking(binding: RLock, writing: Lock) -> None:
    """Fork while no other thread holds a lock, which nobody would release in the child."""
    if hasattr(os, "register_at_fork"):
        for lock in (writing, binding):
            os.register_at_fork(
                before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release
            )
