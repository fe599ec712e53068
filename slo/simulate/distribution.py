"""How long or how dear things are: mixtures of lognormals, counted into a histogram's buckets."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from slo.model.samples import Values

_GRID = np.linspace(-8, 8, 8001)
_NORMAL = np.array([0.5 * (1 + erf(z / sqrt(2))) for z in _GRID])


@dataclass(frozen=True)
class Distribution:
    """A distribution of durations or costs, in seconds or dollars.

    Attributes:
        parts: Weight, median and sigma of each lognormal; weights add up to 1.
        bounds: Upper bounds of the histogram's buckets, without infinity.

    """

    parts: tuple[tuple[float, float, float], ...]
    bounds: tuple[float, ...]

    def shares(self, factor: Values, wait: Values) -> Values:
        """The share of observations in each bucket, shape (n, buckets + 1), the last to infinity.

        Args:
            factor: What durations or costs are multiplied by, shape (n,).
            wait: What is added, shape (n,).

        """
        # Most moments are like all others: their shares are worked out once.
        odd = (factor != 1) | (wait != 0)
        shares: Values = np.empty((factor.size, len(self.bounds) + 1))
        shares[:] = self._worked_out(np.ones(1), np.zeros(1))
        shares[odd] = self._worked_out(factor[odd], wait[odd])
        return shares

    def _worked_out(self, factor: Values, wait: Values) -> Values:
        left = np.maximum(np.array(self.bounds) - wait[:, None], 1e-9) / factor[:, None]
        at_most = np.zeros(left.shape)
        for weight, median, sigma in self.parts:
            at_most += weight * np.interp(np.log(left / median) / sigma, _GRID, _NORMAL)
        shares: Values = np.diff(at_most, axis=1, prepend=0.0, append=1.0)
        return np.maximum(shares, 0.0)

    def sums(self, counts: npt.NDArray[np.int64], rng: np.random.Generator) -> Values:
        """About what observations add up to, from their counts in each bucket.

        Every one counts as the middle of its bucket, give or take two percent of the whole.
        """
        edges = np.array([0.0, *self.bounds, 2 * self.bounds[-1]])
        middles = (edges[:-1] + edges[1:]) / 2
        total: Values = counts @ middles * rng.normal(1.0, 0.02, len(counts)).clip(0.9, 1.1)
        return total
