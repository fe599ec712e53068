"""Raw samples as Prometheus remembers them, and values computed from them at instants."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slo.card import Card, Shown, Table
from slo.counting import counted
from slo.model.duration import HOUR
from slo.model.selector import METRIC_NAME, Labels, Selector, labels_of
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

STALE_BITS = 0x7FF0000000000002
"""Bits of Prometheus' staleness marker, a NaN of its own (model/value/value.go)."""


def is_stale(values: Values) -> Mask:
    """Which values are staleness markers."""
    return np.equal(values.view(np.uint64), np.uint64(STALE_BITS))


@dataclass(frozen=True, eq=False)
class Series:
    """One time series.

    Attributes:
        labels: Sorted pairs, ``__name__`` among them.
        times: int64 Unix milliseconds, strictly increasing. Series of one scrape target share
            one array: the engine computes each distinct array's window bounds once.
        values: float64, as many; staleness markers keep their bits.

    """

    labels: Labels
    times: Times
    values: Values

    def __post_init__(self) -> None:
        if self.times.dtype != np.int64 or self.values.dtype != np.float64:
            message = f"times must be int64 and values float64, not {self.times.dtype}, "
            raise TypeError(message + str(self.values.dtype))
        if self.times.shape != self.values.shape or self.times.ndim != 1:
            message = f"{self.times.shape} times and {self.values.shape} values do not pair up"
            raise ValueError(message)
        if bool(np.any(np.diff(self.times) <= 0)):
            message = f"times of {dict(self.labels)} are not strictly increasing"
            raise ValueError(message)

    @property
    def metric(self) -> str:
        """The metric's name."""
        return dict(self.labels).get(METRIC_NAME, "")

    def __str__(self) -> str:
        rest = ",".join(f'{name}="{value}"' for name, value in self.labels if name != METRIC_NAME)
        return f"{self.metric}{{{rest}}}"


def series_of(labels: dict[str, str], times: npt.ArrayLike, values: npt.ArrayLike) -> Series:
    """A series from plain values: ``series_of({"__name__": "up"}, [0, 15_000], [1, 1])``."""
    return Series(
        labels_of(labels), np.asarray(times, dtype=np.int64), np.asarray(values, dtype=np.float64)
    )


@dataclass(frozen=True, eq=False)
class History(Shown):
    """What Prometheus remembers of some series over a span.

    Attributes:
        series: In the order of their labels, which is the order in which ``sum()`` adds them.
        span: The stretch that was asked for; samples may cover less of it.
        server_version: The Prometheus that stored the samples, such as ``2.42.0``; empty where
            no server did (a simulation).
        source: Where the samples come from, for people: a URL without credentials, or a file.

    """

    series: tuple[Series, ...]
    span: Span
    server_version: str = ""
    source: str = ""
    _by_metric: dict[str, tuple[Series, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.series, key=lambda series: series.labels))
        if len({series.labels for series in ordered}) != len(ordered):
            message = "two series have the same labels"
            raise ValueError(message)
        by_metric: dict[str, list[Series]] = {}
        for series in ordered:
            by_metric.setdefault(series.metric, []).append(series)
        object.__setattr__(self, "series", ordered)
        object.__setattr__(self, "_by_metric", {k: tuple(v) for k, v in by_metric.items()})

    def select(self, selector: Selector) -> tuple[Series, ...]:
        """The series that a selector means, in label order; empty where there are none."""
        candidates = self._by_metric.get(selector.metric, ()) if selector.metric else self.series
        return tuple(series for series in candidates if selector.matches(series.labels))

    def restrict(self, selectors: Iterable[Selector]) -> History:
        """The same history with only the series that any of the selectors means."""
        wanted = {s.labels: s for selector in selectors for s in self.select(selector)}
        return History(tuple(wanted.values()), self.span, self.server_version, self.source)

    def from_first_sample(self, slack: int = HOUR) -> History:
        """The same history, beginning with its first sample: what nobody saw is no history.

        Weeks before a server's memory, or before a service's first scrape, would else count as
        weeks without failures.

        Args:
            slack: Milliseconds before the first sample at which a beginning stands as it is: the
                first scrape of what is there all along comes a little later.

        """
        first = min((int(one.times[0]) for one in self.series if one.times.size), default=None)
        if first is None or first <= self.span.start + slack:
            return self
        span = Span(min(first, self.span.end), self.span.end)
        return History(self.series, span, self.server_version, self.source)

    @property
    def card(self) -> Card:
        """How much there is of what, a row a metric."""
        by = f"Prometheus {self.server_version}" if self.server_version else ""
        said = f"{self.sample_count:,} samples of {counted(len(self.series), 'series', 'series')}"
        origin = ", ".join(filter(None, [by, self.source]))
        rows = tuple(
            (name or "(no name)", f"{len(series):,}", f"{sum(s.times.size for s in series):,}")
            for name, series in sorted(self._by_metric.items())
        )
        table = Table(("metric", "series", "samples"), rows, numbers=("series", "samples"))
        title = f"History from {origin}" if origin else "History"
        return Card(title, f"{said}, {self.span}.", (table,))

    @cached_property
    def sample_count(self) -> int:
        """Samples of all series together."""
        return sum(series.times.size for series in self.series)


@dataclass(frozen=True, eq=False)
class Points:
    """Values at instants. Absent is not NaN: ``present`` says where there is a value.

    Attributes:
        times: int64 Unix milliseconds, shape (n,).
        values: float64, shape (n,); NaN where absent, and where Prometheus itself says NaN.
        present: bool, shape (n,).

    """

    times: Times
    values: Values
    present: Mask
