"""The series of an alert on a threshold, made up from its selectors: one leads, others stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from slo.model.expression import Aggregate, Binary, Expression, Latest, Over, leaves
from slo.model.measure import CounterRate, CounterShare, GaugeLevel
from slo.model.samples import Series
from slo.model.selector import labels_of
from slo.rules.example_series import example_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slo.model.expression import Node
    from slo.model.measure import Measure
    from slo.model.selector import Labels, Selector
    from slo.model.threshold_alert import ThresholdAlert

Kind = Literal["counter", "gauge"]

_COUNTED = ("rate", "increase")
_COUNTED_A_STEP, _LEVEL = 1_000.0, 1.0
"""How fast counters grow and how high gauges stand that do not lead."""


@dataclass(frozen=True)
class Example:
    """One series of a test.

    Attributes:
        labels: The series'.
        kind: Counters grow by a level each step, gauges stand at it.
        leads: Whether its level brings the alert about.
        level: The level where it does not lead.

    """

    labels: Labels
    kind: Kind
    leads: bool
    level: float


@dataclass(frozen=True)
class Stretch:
    """So many steps, during which the series that leads has a level; None where it is missing."""

    level: float | None
    steps: int


def measure_leaves(measure: Measure) -> tuple[Latest | Over, ...]:
    """What a measure reads, the part before the whole."""
    match measure:
        case Expression():
            return tuple(leaves(measure.root))
        case CounterRate():
            return (Over("rate", measure.counter, None),)
        case CounterShare():
            return (Over("rate", measure.part, None), Over("rate", measure.whole, None))
        case GaugeLevel():
            return (Over("avg_over_time", measure.gauge, None),)


def examples(alert: ThresholdAlert) -> tuple[Example, ...]:
    """Series for every selector of an alert; empty where none could be made up.

    The first selector's series leads. Where it is part of a whole, another one is the rest of
    it. Labels by which an expression groups or matches have one value in all of them.
    """
    read = measure_leaves(alert.measure)
    kinds: dict[Selector, Kind] = {leaf.selector: _kind(leaf) for leaf in read}
    if alert.events:
        kinds.setdefault(alert.events, "counter")
    lead, *others = kinds
    wanted = [lead]
    for other in others:
        if example_labels([*wanted, other]) is not None:
            wanted.append(other)
    found = [(example_labels(wanted), lead)]
    for other in others:
        if not any(labels and other.matches(labels) for labels, _ in found[1:]):
            found.append((example_labels([other], [lead]), other))
    if any(labels is None for labels, other in found if other not in wanted) or not found[0][0]:
        return ()
    shared = _shared_labels(alert.measure, [labels for labels, _ in found if labels])
    return tuple(
        Example(
            labels_of({**shared, **dict(labels)}),
            kinds[selector],
            index == 0,
            _COUNTED_A_STEP if kinds[selector] == "counter" else _LEVEL,
        )
        for index, (labels, selector) in enumerate(found)
        if labels
    )


def sampled(example: Example, stretches: Sequence[Stretch], step: int) -> Series:
    """A test's series as the engine reads it; the first sample is at 0."""
    levels = [one.level if example.leads else example.level for one in stretches]
    steps = [one.steps for one in stretches]
    # The first stretch holds the sample at the start as well.
    steps[0] += 1
    there = np.repeat([level is not None for level in levels], steps)
    level = np.repeat([0.0 if one is None else one for one in levels], steps)
    if example.kind == "counter":
        level[0] = 0.0
        level = np.cumsum(level)
    times = np.arange(level.size, dtype=np.int64) * step
    return Series(example.labels, times[there], level[there])


def _kind(leaf: Latest | Over) -> Kind:
    return "counter" if isinstance(leaf, Over) and leaf.function in _COUNTED else "gauge"


def _shared_labels(measure: Measure, found: Sequence[Labels]) -> dict[str, str]:
    if not isinstance(measure, Expression):
        return {}
    names = dict.fromkeys(_matched_labels(measure.root))
    told = {name: value for labels in found for name, value in labels if name in names}
    return {name: told.get(name, "a") for name in names}


def _matched_labels(node: Node) -> Iterator[str]:
    match node:
        case Aggregate():
            yield from node.by
            yield from _matched_labels(node.inner)
        case Binary():
            yield from node.on or ()
            yield from _matched_labels(node.left)
            yield from _matched_labels(node.right)
        case _:
            return
