"""numba kernel: sums of ``rate()`` over series, at many instants and windows.

No fastmath, no reciprocals, no differences of rounded sums: each costs the last bit.
"""

from __future__ import annotations

import numba
import numpy as np

# Adding this leaves every float as it is, 0.0 and -0.0 among them.
_NOTHING = -0.0
# Wider than what rounding can do to the cheap comparison that goes before the exact one.
_MARGIN = 1 + 1e-9


@numba.njit(cache=True, error_model="numpy", inline="always")
def _factor(sampled, to_start, to_end, seconds):
    return ((sampled + to_start) + to_end) / sampled / seconds


@numba.njit(cache=True, error_model="numpy")
def _bounds(times, instants, window, left_open, low, high):
    """First and last sample of each window, by two indexes that only move forward.

    Where there are fewer than two samples both are 0: no rate.
    """
    lo = np.searchsorted(times, instants[0] - window)
    hi = np.searchsorted(times, instants[0])
    for k in range(instants.size):
        begin = instants[k] - window
        if left_open:
            while lo < times.size and times[lo] <= begin:
                lo += 1
        else:
            while lo < times.size and times[lo] < begin:
                lo += 1
        while hi < times.size and times[hi] <= instants[k]:
            hi += 1
        two = hi - 1 > lo
        low[k] = lo if two else 0
        high[k] = hi - 1 if two else 0


@numba.njit(cache=True, error_model="numpy")
def _extrapolation(
    times, instants, window, seconds, clamp_first, low, high, sampled, start_gap, end_gap, factor
):  # fmt: skip
    """What all series of a target share: how far a window's samples reach, and the factor."""
    for k in range(instants.size):
        lo, hi = low[k], high[k]
        if hi == lo:
            continue
        reach = (times[hi] - times[lo]) / 1000.0
        average = reach / (hi - lo)
        threshold = average * 1.1
        to_start = (times[lo] - (instants[k] - window)) / 1000.0
        to_end = (instants[k] - times[hi]) / 1000.0
        capped = to_start if to_start < threshold else average / 2
        sampled[k] = reach
        end_gap[k] = to_end if to_end < threshold else average / 2
        start_gap[k] = to_start if clamp_first else capped
        factor[k] = _factor(reach, capped, end_gap[k], seconds)


@numba.njit(cache=True, error_model="numpy")
def _gains(values, low, high, gains):
    """How much a counter without resets grew within each window."""
    for k in range(gains.size):
        gains[k] = values[high[k]] - values[low[k]]


@numba.njit(cache=True, error_model="numpy")
def _gains_over_resets(values, low, high, resets, lost, lost_before, exact, gains):
    """The same with what was lost at each reset added in its turn, as Prometheus adds it.

    Sums of whole numbers lose nothing, so that there a difference of running sums is the same.
    """
    a, z = 0, 0
    for k in range(gains.size):
        lo, hi = low[k], high[k]
        if hi == lo:
            continue
        while a < resets.size and resets[a] <= lo:
            a += 1
        while z < resets.size and resets[z] <= hi:
            z += 1
        gained = values[hi] - values[lo]
        if exact:
            gained += lost_before[z] - lost_before[a]
        else:
            for r in range(a, z):
                gained += lost[r]
        gains[k] = gained


@numba.njit(cache=True, error_model="numpy")
def _rates(
    values, low, high, sampled, start_gap, end_gap, factor, seconds, clamp_first, gains, rates
):  # fmt: skip
    """One series' rates."""
    for k in range(rates.size):
        lo, hi = low[k], high[k]
        if hi == lo:
            rates[k] = _NOTHING
            continue
        first, gained, scale = values[lo], gains[k], factor[k]
        near = first * sampled[k] < start_gap[k] * gained * _MARGIN
        if near and gained > 0 and first >= 0:
            # The counter's zero point may be nearer than the window's start.
            to_zero = sampled[k] * (first / gained)
            if to_zero < start_gap[k]:
                average = sampled[k] / (hi - lo)
                if clamp_first and not to_zero < average * 1.1:
                    to_zero = average / 2
                scale = _factor(sampled[k], to_zero, end_gap[k], seconds)
        rates[k] = gained * scale


@numba.njit(cache=True, error_model="numpy")
def _add(rates, low, high, compensated, sums, carry, present):
    for k in range(rates.size):
        present[k] |= high[k] != low[k]
        if not compensated:
            sums[k] += rates[k]
            continue
        added = sums[k] + rates[k]
        if np.isinf(added):
            carry[k] = 0.0
        elif abs(sums[k]) >= abs(rates[k]):
            carry[k] += (sums[k] - added) + rates[k]
        else:
            carry[k] += (rates[k] - added) + sums[k]
        sums[k] = added


@numba.njit(cache=True, parallel=True, error_model="numpy")
def summed_rates(
    times, time_starts, group, values, value_starts, resets, reset_starts, lost, lost_before,
    exact, in_numerator, in_total, at, windows, seconds, left_open, clamp_first, compensated,
    block, numerator, total, has_numerator, has_total,
):  # fmt: skip
    """Fill the sums over the numerator's and the total's series, shape (windows, instants)."""
    groups, series = time_starts.size - 1, group.size
    blocks = (at.size + block - 1) // block
    for job in numba.prange(blocks * windows.size):
        w, first = job % windows.size, job // windows.size * block
        last = min(first + block, at.size)
        size = last - first
        low, high = np.empty((groups, size), np.int64), np.empty((groups, size), np.int64)
        sampled, factor = np.empty((groups, size)), np.empty((groups, size))
        start_gap, end_gap = np.empty((groups, size)), np.empty((groups, size))
        for g in range(groups):
            own = times[time_starts[g] : time_starts[g + 1]]
            _bounds(own, at[first:last], windows[w], left_open, low[g], high[g])
            _extrapolation(
                own,
                at[first:last],
                windows[w],
                seconds[w],
                clamp_first,
                low[g],
                high[g],
                sampled[g],
                start_gap[g],
                end_gap[g],
                factor[g],
            )
        gains, rates = np.zeros(size), np.empty(size)
        carry = np.zeros((2, size))
        numerator[w, first:last] = _NOTHING
        total[w, first:last] = _NOTHING
        for s in range(series):
            g = group[s]
            if time_starts[g + 1] == time_starts[g]:
                continue
            own_values = values[value_starts[s] : value_starts[s + 1]]
            r0, r1 = reset_starts[s], reset_starts[s + 1]
            if r1 > r0:
                _gains_over_resets(
                    own_values,
                    low[g],
                    high[g],
                    resets[r0:r1],
                    lost[r0:r1],
                    lost_before[r0 + s : r1 + s + 1],
                    exact[s],
                    gains,
                )
            else:
                _gains(own_values, low[g], high[g], gains)
            _rates(
                own_values,
                low[g],
                high[g],
                sampled[g],
                start_gap[g],
                end_gap[g],
                factor[g],
                seconds[w],
                clamp_first,
                gains,
                rates,
            )
            if in_numerator[s]:
                _add(
                    rates,
                    low[g],
                    high[g],
                    compensated,
                    numerator[w, first:last],
                    carry[0],
                    has_numerator[w, first:last],
                )
            if in_total[s]:
                _add(
                    rates,
                    low[g],
                    high[g],
                    compensated,
                    total[w, first:last],
                    carry[1],
                    has_total[w, first:last],
                )
        if compensated:
            numerator[w, first:last] += carry[0]
            total[w, first:last] += carry[1]
