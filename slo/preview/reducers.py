"""One number for a field: Grafana's reducers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, median, pvariance

from slo.preview.frames import Value

Reducer = Callable[[Sequence[Value]], Value]


def _numbers(values: Sequence[Value]) -> list[float]:
    return [value for value in values if isinstance(value, int | float)]


def _known(values: Sequence[Value]) -> list[Value]:
    return [value for value in values if value is not None]


def _of_numbers(reduce: Callable[[list[float]], float]) -> Reducer:
    def reducer(values: Sequence[Value]) -> Value:
        numbers = _numbers(values)
        return float(reduce(numbers)) if numbers else None

    return reducer


def _last_not_null(values: Sequence[Value]) -> Value:
    known = _known(values)
    return known[-1] if known else None


def _first_not_null(values: Sequence[Value]) -> Value:
    known = _known(values)
    return known[0] if known else None


REDUCERS: dict[str, Reducer] = {
    "lastNotNull": _last_not_null,
    "last": lambda values: values[-1] if values else None,
    "firstNotNull": _first_not_null,
    "first": lambda values: values[0] if values else None,
    "min": _of_numbers(min),
    "max": _of_numbers(max),
    "mean": _of_numbers(fmean),
    "median": _of_numbers(median),
    "variance": _of_numbers(pvariance),
    "stdDev": _of_numbers(lambda numbers: pvariance(numbers) ** 0.5),
    "sum": _of_numbers(sum),
    "count": lambda values: float(len(values)),
    "range": _of_numbers(lambda numbers: max(numbers) - min(numbers)),
    "diff": _of_numbers(lambda numbers: numbers[-1] - numbers[0]),
    "diffperc": _of_numbers(lambda n: (n[-1] - n[0]) / n[0] if n[0] else 0.0),
}
"""By Grafana's ids."""

TITLES = {
    "lastNotNull": "Last *", "last": "Last", "firstNotNull": "First *", "first": "First",
    "min": "Min", "max": "Max", "mean": "Mean", "median": "Median", "variance": "Variance",
    "stdDev": "StdDev", "sum": "Total", "count": "Count", "range": "Range", "diff": "Difference",
    "diffperc": "Difference percent",
}  # fmt: skip
"""What people read, as Grafana has it."""
