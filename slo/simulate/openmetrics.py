"""History as OpenMetrics text, for ``promtool tsdb create-blocks-from openmetrics``.

https://prometheus.io/docs/specs/om/open_metrics_spec/. The text cannot carry staleness markers:
they are left out, and a reader of the blocks looks back up to five minutes instead. Any other NaN
becomes the one NaN that Prometheus reads. All other values come back to the bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.atomic import replacing
from slo.errors import HistoryError
from slo.model.samples import is_stale
from slo.model.selector import METRIC_NAME
from slo.simulate.families import HELP, Family, family_of, histograms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from slo.model.samples import History, Mask, Series, Times, Values

_LARGEST_EXACT = 2.0**53
_LINES_AT_A_TIME = 2048
"""Few enough that their texts are made in memory that the processor still holds."""


def write_openmetrics(
    history: History, path: Path, advance: Callable[[int, int], None] | None = None
) -> None:
    """Write a history as OpenMetrics text, as a whole or not at all.

    Args:
        history: What is written.
        path: The file.
        advance: Called with the samples that are written, and all of them.

    Raises:
        HistoryError: The file cannot be written, or a series has no metric name.

    """
    with (
        replacing(path) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="\n") as text,
    ):
        for part, written in _text(history):
            text.write(part)
            if advance and written:
                advance(written, history.sample_count)


def _text(history: History) -> Iterator[tuple[str, int]]:
    """The text in parts, each with the samples up to it: families' heads, and series' lines."""
    families: dict[Family, list[Series]] = {}
    known = histograms(history)
    for series in history.series:
        if not series.metric:
            raise HistoryError(f"{series}: found no metric name, which OpenMetrics text needs")
        families.setdefault(family_of(series.metric, known), []).append(series)
    instants = _Instants()
    written = 0
    for family, members in families.items():
        yield f"# TYPE {family.name} {family.kind}\n", written
        if family.name in HELP:
            yield f"# HELP {family.name} {HELP[family.name]}\n", written
        for series in members:
            yield from ((lines, written) for lines in _lines(series, instants))
            written += series.times.size
    yield "# EOF\n", written


class _Instants:
    """The text of arrays of times, made once for all series that share one."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Times, list[str]]] = {}

    def of(self, times: Times) -> list[str]:
        """For each time the rest of its line."""
        # The array is kept, so that no other array can have its identity.
        if id(times) not in self._known:
            self._known[id(times)] = (times, _instants(times))
        return self._known[id(times)][1]


def _instants(times: Times) -> list[str]:
    """A space and the seconds of each time, such that Prometheus reads the milliseconds back.

    It takes ``int64(float64(text) * 1000)``, which is one too low where the product rounds below
    the whole number; half a millisecond more helps there.
    """
    seconds = times / 1000
    exact = np.trunc(seconds * 1000).astype(np.int64) == times
    return [
        f" {second:.3f}\n" if survives else f" {second:.3f}5\n"
        for second, survives in zip(seconds.tolist(), exact.tolist(), strict=True)
    ]


def _lines(series: Series, instants: _Instants) -> Iterator[str]:
    """Every sample of a series on a line of its own, some thousands at a time."""
    head = f"{series.metric}{_labels(series)} "
    ends = instants.of(series.times)
    values = series.values
    stale = is_stale(values)
    if bool(stale.any()):
        ends = [end for end, gone in zip(ends, stale.tolist(), strict=True) if not gone]
        values = values[~stale]
    numbers = _numbers(values)
    for first in range(0, values.size, _LINES_AT_A_TIME):
        part = slice(first, first + _LINES_AT_A_TIME)
        pairs = zip(numbers[part].tolist(), ends[part], strict=True)
        yield "".join([f"{head}{number!r}{end}" for number, end in pairs])


def _numbers(values: Values) -> Times | Values:
    """The same numbers, as integers where that changes none of them: their text is shorter."""
    with np.errstate(invalid="ignore"):
        small = bool(np.all(np.abs(values) <= _LARGEST_EXACT))
    if small and bool(np.all((np.trunc(values) == values) & ~_negative_zero(values))):
        return values.astype(np.int64)
    return values


def _negative_zero(values: Values) -> Mask:
    mask: Mask = (values == 0) & np.signbit(values)
    return mask


def _labels(series: Series) -> str:
    pairs = [f'{name}="{_escaped(value)}"' for name, value in series.labels if name != METRIC_NAME]
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
