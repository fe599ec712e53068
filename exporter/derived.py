"""Gauges that are worked out from counters at each scrape, for looking at one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from exporter.definitions import DEFINITIONS, NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from prometheus_client import Metric
    from prometheus_client.metrics import MetricWrapperBase

_HELP = {one.name: one.help for one in DEFINITIONS if one.derived}
INCOMPLETE = f"{NAMESPACE}metrics_scrape_incomplete"
"""Told by whoever answers a scrape, who alone knows."""
_PROCESSED = f"{NAMESPACE}tickets_processed_total"
_RATED = f"{NAMESPACE}csat_responses_total"


class DerivedGauges(Collector):
    """Works them out from the counters of the same registry.

    Args:
        counters: Of tickets that were processed, and of ratings.
        settle: Records what finalizers put off, so that a scrape of an idle process shows it: the
            next one, or this one where an endpoint has asked before.

    """

    def __init__(self, counters: Sequence[MetricWrapperBase], settle: Callable[[], None]) -> None:
        self._counters = counters
        self._settle = settle

    def describe(self) -> Iterable[Metric]:
        """Their names, so that nobody else takes them."""
        return [GaugeMetricFamily(name, text) for name, text in _HELP.items()]

    def collect(self) -> Iterator[Metric]:
        """The gauges of this moment."""
        self._settle()
        return derived(family for counter in self._counters for family in counter.collect())


def derived(families: Iterable[Metric]) -> Iterator[Metric]:
    """The gauges that follow from counters; a ratio of nothing is left out."""
    processed: dict[str, float] = {}
    rated: dict[int, float] = {}
    for sample in (sample for family in families for sample in family.samples):
        if sample.name == _PROCESSED:
            outcome = sample.labels["outcome"]
            processed[outcome] = processed.get(outcome, 0.0) + sample.value
        elif sample.name == _RATED and sample.labels["score"].isdigit():
            score = int(sample.labels["score"])
            rated[score] = rated.get(score, 0.0) + sample.value
    resolved = processed.get("resolved", 0.0)
    decided = resolved + processed.get("escalated", 0.0)
    ratings = sum(rated.values())
    total = sum(score * count for score, count in rated.items())
    yield from _gauge("resolution_ratio", resolved, decided)
    yield from _gauge("csat_score", total, ratings)


def _gauge(name: str, part: float, whole: float) -> Iterator[Metric]:
    if whole:
        full = NAMESPACE + name
        yield GaugeMetricFamily(full, _HELP[full], value=part / whole)
