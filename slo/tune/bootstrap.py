"""How far numbers of one history can be trusted: intervals that respect time.

Errors come in stretches, so that neighbouring days tell little of each other's independence:
whole blocks of days are drawn (H. R. Kuensch, "The Jackknife and the Bootstrap for General
Stationary Observations", Annals of Statistics 17, 1989; circular as in D. N. Politis and
J. P. Romano, 1992). A bootstrap of few events, or of none, is too sure of itself: intervals of
counts also hold the exact ones of C. J. Clopper and E. S. Pearson, and of F. Garwood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from slo.model.samples import Values

LEVEL = 0.9
SAMPLES = 2000
BLOCK = 7
"""Days a block: a week has quiet days and busy ones."""


@dataclass(frozen=True)
class Interval:
    """Where a number lies with a confidence of ``LEVEL``; NaN where nothing is known."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def union(self, other: Interval) -> Interval:
        """The interval that holds both."""
        return Interval(float(np.fmin(self.low, other.low)), float(np.fmax(self.high, other.high)))


UNKNOWN = Interval(float("nan"), float("nan"))


def block_indices(
    count: int, length: int, *, block: int = BLOCK, samples: int = SAMPLES, seed: int = 0
) -> npt.NDArray[np.int64]:
    """Which days make up each resampled history.

    Args:
        count: Days to draw from.
        length: Days to draw.
        block: Days that are drawn together; no more than there are.
        samples: How many histories.
        seed: The same seed gives the same histories.

    Returns:
        int64, shape (samples, length); the day after the last is the first.

    """
    size = max(1, min(block, count))
    starts = np.random.default_rng(seed).integers(0, count, (samples, -(-length // size)))
    days = (starts[:, :, None] + np.arange(size)).reshape(samples, -1)[:, :length]
    return np.asarray(days % count, dtype=np.int64)


def ratio_interval(numerator: Values, denominator: Values, *, seed: int = 0) -> Interval:
    """Interval of a ratio of two sums over days.

    Args:
        numerator: float64, shape (days,).
        denominator: float64, shape (days,).
        seed: The same seed gives the same interval.

    """
    if not numerator.size or not denominator.sum():
        return UNKNOWN
    drawn = block_indices(numerator.size, numerator.size, seed=seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = numerator[drawn].sum(axis=1) / denominator[drawn].sum(axis=1)
    return _middle(ratios[np.isfinite(ratios)])


def median_interval(values: Values, days: npt.NDArray[np.int64], *, seed: int = 0) -> Interval:
    """Interval of the median of values, each of which belongs to a day.

    It holds the exact one, too: order statistics between which the median lies by the binomial
    distribution (W. J. Conover, Practical Nonparametric Statistics). Fewer than five values
    bound no median with a confidence of 90 %.

    Args:
        values: float64, shape (n,).
        days: The day of each, from 0; shape (n,).
        seed: The same seed gives the same interval.

    """
    exact = _median_bounds(np.sort(values))
    if exact is UNKNOWN:
        return UNKNOWN
    count = int(days.max()) + 1
    drawn = block_indices(count, count, seed=seed)
    rows = np.arange(drawn.shape[0])[:, None]
    times = np.bincount((rows * count + drawn).ravel(), minlength=drawn.size).reshape(-1, count)
    order = np.argsort(values, kind="stable")
    # How many of each resampled history's values are at most each value.
    ranks = np.cumsum(times[:, days[order]], axis=1)
    middle = np.ceil(ranks[:, -1:] / 2)
    medians = values[order][(ranks < middle).sum(axis=1).clip(max=values.size - 1)]
    return _middle(medians[ranks[:, -1] > 0]).union(exact)


def _median_bounds(ordered: Values) -> Interval:
    from scipy.special import bdtr  # noqa: PLC0415  only where intervals are asked for

    count = ordered.size
    # bdtr(k, n, p) is the chance of at most k of n.
    outside = [k for k in range(count // 2) if 2 * float(bdtr(k, count, 0.5)) <= 1 - LEVEL]
    if not outside:
        return UNKNOWN
    return Interval(float(ordered[outside[-1]]), float(ordered[count - 1 - outside[-1]]))


def proportion_interval(successes: int, trials: int) -> Interval:
    """Exact interval of a share, by Clopper and Pearson: quantiles of the beta distribution."""
    from scipy.special import betaincinv  # noqa: PLC0415  only where intervals are asked for

    if not trials:
        return UNKNOWN
    tail = (1 - LEVEL) / 2
    failures = trials - successes
    low = float(betaincinv(successes, failures + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, failures, 1 - tail)) if failures else 1.0
    return Interval(low, high)


def rate_interval(events: int, exposure: float) -> Interval:
    """Exact interval of a Poisson rate, by Garwood: quantiles of the gamma distribution.

    Args:
        events: How many were counted.
        exposure: Over how long; the rate is per unit of it.

    """
    from scipy.special import gammaincinv  # noqa: PLC0415  as above

    if not exposure > 0:
        return UNKNOWN
    tail = (1 - LEVEL) / 2
    low = float(gammaincinv(events, tail)) if events else 0.0
    return Interval(low / exposure, float(gammaincinv(events + 1, 1 - tail)) / exposure)


def _middle(values: Values) -> Interval:
    if not values.size:
        return UNKNOWN
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
