"""numba kernels: sums of samples over windows, as ``sum_over_time`` compensates them."""

from __future__ import annotations

import numpy as np

from slo.kernel import kernel

# What a rounding may cost, squared: both ways to add keep twice a float's precision.
_EPSILON_SQUARED = 2.0**-106


@kernel(error_model="numpy")
def one_by_one(values, low, high):
    """Neumaier's sum of each window from its first sample on: slow, right for any values."""
    sums = np.empty(low.size)
    for k in range(low.size):
        sums[k] = _compensated(values, low[k], high[k])
    return sums


@kernel(error_model="numpy")
def prefixes(values):
    """Running sums in twice the precision, and of the values' sizes: each one longer."""
    n = values.size
    big, small, size = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    for i in range(n):
        added, lost = _two_sum(big[i], values[i])
        big[i + 1], small[i + 1] = _two_sum(added, small[i] + lost)
        size[i + 1] = size[i] + abs(values[i])
    return big, small, size


@kernel(error_model="numpy")
def from_prefixes(values, big, small, size, low, high):
    """The same sums for finite values, from differences of running sums.

    Both ways are off from the true sum by less than ``slack``. Where that leaves no doubt to
    which float it rounds they agree; where it does, the window is summed one by one.
    """
    sums = np.empty(low.size)
    for k in range(low.size):
        a, z = low[k], high[k]
        difference, lost = _two_sum(big[z], -big[a])
        total, rest = _two_sum(difference, lost + (small[z] - small[a]))
        count = np.float64(z - a)
        slack = 4 * (count * count + 4 * z + 8) * _EPSILON_SQUARED * size[z]
        if total + (rest - slack) == total and total + (rest + slack) == total:
            sums[k] = total
        else:
            sums[k] = _compensated(values, a, z)
    return sums


@kernel(error_model="numpy")
def _compensated(values, low, high):
    running, carry = 0.0, 0.0
    for i in range(low, high):
        value = values[i]
        added = running + value
        if np.isinf(added):
            carry = 0.0
        elif abs(running) >= abs(value):
            carry += (running - added) + value
        else:
            carry += (value - added) + running
        running = added
    return running if np.isinf(running) else running + carry


@kernel(error_model="numpy", inline="always")
def _two_sum(a, b):
    """Knuth's exact sum: rounded, and what rounding lost."""
    total = a + b
    from_b = total - a
    return total, (a - (total - from_b)) + (b - from_b)
