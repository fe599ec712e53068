"""numba kernels: sums of samples over windows, as ``sum_over_time`` compensates them."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, error_model="numpy")
def compensated(values, low, high, sums):
    """Neumaier's sum of each window from its first sample on: slow, right for any values."""
    for k in range(low.size):
        running, carry = 0.0, 0.0
        for i in range(low[k], high[k]):
            value = values[i]
            added = running + value
            if np.isinf(added):
                carry = 0.0
            elif abs(running) >= abs(value):
                carry += (running - added) + value
            else:
                carry += (value - added) + running
            running = added
        sums[k] = running if np.isinf(running) else running + carry


@numba.njit(cache=True, error_model="numpy")
def from_prefixes(values, low, high, sums):
    """The same for finite values, from running sums in twice the precision."""
    n = values.size
    big, small = np.zeros(n + 1), np.zeros(n + 1)
    for i in range(n):
        added, lost = _two_sum(big[i], values[i])
        big[i + 1], small[i + 1] = _two_sum(added, small[i] + lost)
    for k in range(low.size):
        difference, lost = _two_sum(big[high[k]], -big[low[k]])
        sums[k] = difference + (lost + (small[high[k]] - small[low[k]]))


@numba.njit(cache=True, error_model="numpy", inline="always")
def _two_sum(a, b):
    """Knuth's exact sum: rounded, and what rounding lost."""
    total = a + b
    from_b = total - a
    return total, (a - (total - from_b)) + (b - from_b)
