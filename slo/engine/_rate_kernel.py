"""numba kernel: sums of ``rate()`` over series, at many instants and windows.

No fastmath, no reciprocals, no differences of rounded sums: each costs the last bit.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, error_model="numpy", inline="always")
def _factor(sampled, to_start, to_end, seconds):
    return ((sampled + to_start) + to_end) / sampled / seconds


@numba.njit(cache=True, error_model="numpy")
def _bounds(times, start, stop, at, first, last, window, left_open, low, high):
    """First and last sample of each window, by two indexes that only move forward."""
    lo = start + np.searchsorted(times[start:stop], at[first] - window)
    hi = start + np.searchsorted(times[start:stop], at[first])
    for k in range(last - first):
        begin = at[first + k] - window
        if left_open:
            while lo < stop and times[lo] <= begin:
                lo += 1
        else:
            while lo < stop and times[lo] < begin:
                lo += 1
        while hi < stop and times[hi] <= at[first + k]:
            hi += 1
        low[k] = lo
        high[k] = hi - 1


@numba.njit(cache=True, parallel=True, error_model="numpy")
def summed_rates(
    times, time_starts, group, values, value_starts, resets, reset_starts, lost, lost_before,
    exact, in_numerator, in_total, at, windows, seconds, left_open, clamp_first, compensated,
    block, numerator, total, has_numerator, has_total,
):  # fmt: skip
    """Fill sums over the numerator's and the total's series, shape (windows, instants)."""
    groups = time_starts.size - 1
    series = group.size
    blocks = (at.size + block - 1) // block
    for b in numba.prange(blocks * windows.size):
        w = b % windows.size
        first = (b // windows.size) * block
        last = min(first + block, at.size)
        size = last - first
        window = windows[w]
        low = np.empty((groups, size), np.int64)
        high = np.empty((groups, size), np.int64)
        sampled = np.empty((groups, size))
        threshold = np.empty((groups, size))
        start_gap = np.empty((groups, size))
        end_gap = np.empty((groups, size))
        factor = np.empty((groups, size))
        for g in range(groups):
            _bounds(
                times,
                time_starts[g],
                time_starts[g + 1],
                at,
                first,
                last,
                window,
                left_open,
                low[g],
                high[g],
            )
            for k in range(size):
                lo, hi = low[g, k], high[g, k]
                if hi <= lo:
                    continue
                sampled[g, k] = (times[hi] - times[lo]) / 1000.0
                average = sampled[g, k] / (hi - lo)
                threshold[g, k] = average * 1.1
                to_start = (times[lo] - (at[first + k] - window)) / 1000.0
                to_end = (at[first + k] - times[hi]) / 1000.0
                end_gap[g, k] = to_end if to_end < threshold[g, k] else average / 2
                capped = to_start if to_start < threshold[g, k] else average / 2
                start_gap[g, k] = to_start if clamp_first else capped
                factor[g, k] = _factor(sampled[g, k], capped, end_gap[g, k], seconds[w])
        carry_n = np.zeros(size)
        carry_t = np.zeros(size)
        for s in range(series):
            g = group[s]
            offset = value_starts[s] - time_starts[g]
            r0, r1 = reset_starts[s], reset_starts[s + 1]
            a, z = r0, r0
            for k in range(size):
                lo, hi = low[g, k], high[g, k]
                if hi <= lo:
                    continue
                f = values[offset + lo]
                gained = values[offset + hi] - f
                lo_index, hi_index = lo - time_starts[g], hi - time_starts[g]
                while a < r1 and resets[a] <= lo_index:
                    a += 1
                while z < r1 and resets[z] <= hi_index:
                    z += 1
                if exact[s]:
                    gained += lost_before[z + s] - lost_before[a + s]
                else:
                    for r in range(a, z):
                        gained += lost[r]
                scale = factor[g, k]
                if gained > 0 and f >= 0:
                    to_zero = sampled[g, k] * (f / gained)
                    if to_zero < start_gap[g, k]:
                        if clamp_first and not to_zero < threshold[g, k]:
                            to_zero = sampled[g, k] / (hi - lo) / 2
                        scale = _factor(sampled[g, k], to_zero, end_gap[g, k], seconds[w])
                rate = gained * scale
                e = first + k
                if in_numerator[s]:
                    if not has_numerator[w, e]:
                        has_numerator[w, e] = True
                        numerator[w, e] = rate
                    elif compensated:
                        numerator[w, e], carry_n[k] = _neumaier(rate, numerator[w, e], carry_n[k])
                    else:
                        numerator[w, e] += rate
                if in_total[s]:
                    if not has_total[w, e]:
                        has_total[w, e] = True
                        total[w, e] = rate
                    elif compensated:
                        total[w, e], carry_t[k] = _neumaier(rate, total[w, e], carry_t[k])
                    else:
                        total[w, e] += rate
        if compensated:
            for k in range(size):
                numerator[w, first + k] += carry_n[k]
                total[w, first + k] += carry_t[k]


@numba.njit(cache=True, error_model="numpy", inline="always")
def _neumaier(value, running, carry):
    """One step of Prometheus' kahanSumInc."""
    added = running + value
    if np.isinf(added):
        return added, 0.0
    if abs(running) >= abs(value):
        return added, carry + ((running - added) + value)
    return added, carry + ((value - added) + running)
