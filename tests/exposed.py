"""What an agent's metrics expose, read sample by sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exporter import NAMESPACE

if TYPE_CHECKING:
    from exporter import Metrics

_SUFFIXES = ("_bucket", "_count", "_sum")


def samples(metrics: Metrics, name: str, **labels: str) -> dict[tuple[str, ...], float]:
    """The samples of one name that have these labels, by the values of their other labels.

    Raises:
        KeyError: There is no such metric.

    """
    return {
        tuple(value for label, value in sample.labels.items() if label not in labels): sample.value
        for family in _metric(metrics, name).collect()
        for sample in family.samples
        if sample.name == NAMESPACE + name and labels.items() <= sample.labels.items()
    }


def total(metrics: Metrics, name: str, **labels: str) -> float:
    """Their sum: 0 where nothing was recorded."""
    return sum(samples(metrics, name, **labels).values())


def seen(metrics: Metrics, name: str, **labels: str) -> dict[tuple[str, ...], float]:
    """Those that are not 0."""
    return {key: value for key, value in samples(metrics, name, **labels).items() if value}


def faults(metrics: Metrics) -> dict[str, float]:
    """Faults inside the instrumentation, by site."""
    found = seen(metrics, "metrics_internal_errors_total")
    return {site: value for (site,), value in found.items()}


def _metric(metrics, name):
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            try:
                return metrics.metric(name.removesuffix(suffix))
            except KeyError:
                pass
    return metrics.metric(name)
