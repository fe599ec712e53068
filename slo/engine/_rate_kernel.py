"""numba kernels: ``rate()`` and ratios of its sums, at many instants and windows.

No fastmath, no reciprocals, no differences of rounded sums: each costs the last bit. Loops write
one array each, so that the compiler may turn them into vector instructions. Times are whole
milliseconds in float64, which holds them exactly; indexes are uint32, which are never negative.
"""

from __future__ import annotations

import numpy as np

from slo.engine.packed import MANY_RESETS
from slo.kernel import kernel

BLOCK = 1024
"""Instants computed together: what they need fits into a processor's cache."""

# Adding this leaves every float as it is, 0.0 and -0.0 among them.
_NOTHING = -0.0
# What rounding, overflow and underflow can do to the cheap comparison before the exact one.
_MARGIN, _TINY = 1 + 1e-9, 1e-290


@kernel(error_model="numpy")
def _first_not_before(rising, wanted):
    """Index of the first element at or after a value."""
    low, high = 0, rising.size
    while low < high:
        middle = (low + high) // 2
        if rising[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel(error_model="numpy")
def _positions(times, instants, shift, positions):
    """Index of the first sample at or after each shifted instant: only ever forward."""
    at = _first_not_before(times, instants[0] + shift)
    step = 0
    for k in range(instants.size):
        wanted = instants[k] + shift
        # Even scrapes make even steps.
        guess = at + step
        if step > 0 and guess < times.size and times[guess - 1] < wanted <= times[guess]:
            at = guess
        else:
            before = at
            while at < times.size and times[at] < wanted:
                at += 1
            step = at - before
        positions[k] = at


@kernel(error_model="numpy")
def _bounds(last, ends, low, high):
    """First and last sample of windows that begin at ``low``; one and the same without a rate."""
    for k in range(low.size):
        low[k] = min(low[k], last)
    for k in range(low.size):
        high[k] = max(ends[k], low[k] + 1) - 1


@kernel(error_model="numpy", inline="always")
def _average(sampled, low, high):
    return sampled / np.float64(np.int32(high - low))


@kernel(error_model="numpy", inline="always")
def _factor(sampled, to_start, to_end, seconds):
    return ((sampled + to_start) + to_end) / sampled / seconds


@kernel(error_model="numpy")
def _cap(gaps, sampled, low, high, capped):
    """Gaps at a window's edge; those too wide for a missed scrape shrink to half an interval."""
    for k in range(gaps.size):
        average = _average(sampled[k], low[k], high[k])
        capped[k] = gaps[k] if gaps[k] < average * 1.1 else average / 2


@kernel(error_model="numpy")
def _extrapolation(
    times, instants, window, seconds, clamp_first, low, high, sampled, start_gap, end_gap, factor
):  # fmt: skip
    """What all series of a target share: how far a window's samples reach, and the factor."""
    for k in range(low.size):
        sampled[k] = (times[high[k]] - times[low[k]]) / 1000.0
    for k in range(low.size):
        factor[k] = (instants[k] - times[high[k]]) / 1000.0
    _cap(factor, sampled, low, high, end_gap)
    for k in range(low.size):
        start_gap[k] = (times[low[k]] - (instants[k] - window)) / 1000.0
    _cap(start_gap, sampled, low, high, factor)
    if not clamp_first:
        for k in range(low.size):
            start_gap[k] = factor[k]
    for k in range(low.size):
        factor[k] = _factor(sampled[k], factor[k], end_gap[k], seconds)


@kernel(error_model="numpy")
def _gains(values, low, high, resets, lost, lost_before, exact, gains):
    """How much a counter grew within each window: what it lost at resets is added."""
    for k in range(gains.size):
        gains[k] = values[high[k]] - values[low[k]]
    first = _first_not_before(resets, np.int64(low[0]) + 1)
    stop = _first_not_before(resets, np.int64(high[-1]) + 1)
    if exact and stop - first > MANY_RESETS:
        _add_running_losses(resets, lost_before, low, high, gains)
    else:
        _add_losses(resets[first:stop], lost[first:stop], low, high, gains)


@kernel(error_model="numpy")
def _add_losses(resets, lost, low, high, gains):
    """Add the losses one after the other, as Prometheus does."""
    enter, leave = 0, 0
    for r in range(resets.size):
        while high[enter] < resets[r]:
            enter += 1
        while leave < low.size and low[leave] < resets[r]:
            leave += 1
        for k in range(enter, leave):
            gains[k] += lost[r]


@kernel(error_model="numpy")
def _add_running_losses(resets, lost_before, low, high, gains):
    """Sums of whole numbers lose nothing: a difference of running sums is the same."""
    enter = _first_not_before(resets, np.int64(high[0]) + 1)
    leave = _first_not_before(resets, np.int64(low[0]) + 1)
    for k in range(gains.size):
        while enter < resets.size and resets[enter] <= high[k]:
            enter += 1
        while leave < resets.size and resets[leave] <= low[k]:
            leave += 1
        gains[k] += lost_before[enter] - lost_before[leave]


@kernel(error_model="numpy")
def _scale(
    values, low, high, sampled, start_gap, end_gap, factor, seconds, clamp_first, gains, rates
):  # fmt: skip
    """Rates from gains."""
    near = False
    for k in range(rates.size):
        reach, limit = values[low[k]] * sampled[k], start_gap[k] * gains[k]
        near |= (gains[k] > 0) & ~(reach > limit * _MARGIN + _TINY)
        rates[k] = gains[k] * factor[k] if high[k] > low[k] else _NOTHING
    if near:
        _clamp(
            values, low, high, sampled, start_gap, end_gap, seconds, clamp_first, gains, rates
        )  # fmt: skip


@kernel(error_model="numpy")
def _clamp(
    values, low, high, sampled, start_gap, end_gap, seconds, clamp_first, gains, rates
):  # fmt: skip
    """Rates of counters whose zero point is nearer: they are not taken below it."""
    for k in range(rates.size):
        first = values[low[k]]
        if high[k] > low[k] and gains[k] > 0 and first >= 0:
            to_zero = sampled[k] * (first / gains[k])
            if to_zero < start_gap[k]:
                average = _average(sampled[k], low[k], high[k])
                if clamp_first and not to_zero < average * 1.1:
                    to_zero = average / 2
                rates[k] = gains[k] * _factor(sampled[k], to_zero, end_gap[k], seconds)


@kernel(error_model="numpy")
def _add(rates, low, high, compensated, sums, carry, has):
    """Add a series to a sum, plainly or as promql's kahanSumInc."""
    for k in range(rates.size):
        has[k] |= high[k] > low[k]
    if not compensated:
        for k in range(rates.size):
            sums[k] += rates[k]
        return
    for k in range(rates.size):
        added = sums[k] + rates[k]
        if np.isinf(added):
            carry[k] = 0.0
        elif abs(sums[k]) >= abs(rates[k]):
            carry[k] += (sums[k] - added) + rates[k]
        else:
            carry[k] += (rates[k] - added) + sums[k]
        sums[k] = added


@kernel(error_model="numpy")
def _share(sums, carry, has, compensated, found):
    """``(numerator or 0 * total) / total``."""
    for k in range(found.size):
        counted, total = sums[0, k], sums[1, k]
        if compensated:
            counted, total = counted + carry[0, k], total + carry[1, k]
        if not has[0, k]:
            counted = 0 * total
        found[k] = counted / total if has[1, k] else np.nan


@kernel(error_model="numpy")
def _block_of_shares(
    times, time_starts, group, values, value_starts, resets, reset_starts, lost, lost_before,
    exact, member, windows, seconds, left_open, clamp_first, compensated, instants, found, present,
):  # fmt: skip
    """The shares at a few instants; bounds and factors are computed once a target."""
    groups, series, size = time_starts.size - 1, group.size, instants.size
    ends = np.empty((groups, size), np.uint32)
    low, high = np.empty((groups, size), np.uint32), np.empty((groups, size), np.uint32)
    sampled, factor = np.empty((groups, size)), np.empty((groups, size))
    start_gap, end_gap = np.empty((groups, size)), np.empty((groups, size))
    gains, rates = np.empty(size), np.empty(size)
    sums, carry, has = np.empty((2, size)), np.empty((2, size)), np.empty((2, size), np.bool_)
    for g in range(groups):
        _positions(times[time_starts[g] : time_starts[g + 1]], instants, 1, ends[g])
    for w in range(windows.size):
        sums.fill(_NOTHING)
        carry.fill(0.0)
        has.fill(False)
        for g in range(groups):
            own = times[time_starts[g] : time_starts[g + 1]]
            _positions(own, instants, left_open - windows[w], low[g])
            _bounds(own.size - 1, ends[g], low[g], high[g])
            _extrapolation(
                own, instants, windows[w], seconds[w], clamp_first,
                low[g], high[g], sampled[g], start_gap[g], end_gap[g], factor[g],
            )  # fmt: skip
        for s in range(series):
            g, own = group[s], values[value_starts[s] : value_starts[s + 1]]
            r0, r1 = reset_starts[s], reset_starts[s + 1]
            _gains(
                own, low[g], high[g], resets[r0:r1], lost[r0:r1],
                lost_before[r0 + s : r1 + s + 1], exact[s], gains,
            )  # fmt: skip
            _scale(
                own, low[g], high[g], sampled[g], start_gap[g], end_gap[g], factor[g], seconds[w],
                clamp_first, gains, rates,
            )  # fmt: skip
            for m in range(2):
                if member[m, s]:
                    _add(rates, low[g], high[g], compensated, sums[m], carry[m], has[m])
        _share(sums, carry, has, compensated, found[w])
        for k in range(size):
            present[w, k] = has[1, k]


@kernel(error_model="numpy", nogil=True)
def shares(
    times, time_starts, group, values, value_starts, resets, reset_starts, lost, lost_before,
    exact, member, windows, seconds, left_open, clamp_first, compensated, at, found, present,
):  # fmt: skip
    """Fill ``(numerator or 0 * total) / total``, each a sum of rates: shape (windows, instants).

    ``member`` says which series are in the numerator and which in the total: shape (2, series).
    Runs beside other Python threads.
    """
    for begin in range(0, at.size, BLOCK):
        end = min(begin + BLOCK, at.size)
        _block_of_shares(
            times, time_starts, group, values, value_starts, resets, reset_starts, lost,
            lost_before, exact, member, windows, seconds, left_open, clamp_first, compensated,
            at[begin:end], found[:, begin:end], present[:, begin:end],
        )  # fmt: skip


@kernel(error_model="numpy")
def rates(
    times, values, resets, lost, lost_before, exact, at, window, seconds, left_open, clamp_first,
    found, present,
):  # fmt: skip
    """Fill the rates of one series that has samples: shape (instants,)."""
    size = at.size
    ends = np.empty(size, np.uint32)
    low, high = np.empty(size, np.uint32), np.empty(size, np.uint32)
    sampled, start_gap, end_gap = np.empty(size), np.empty(size), np.empty(size)
    factor, gains = np.empty(size), np.empty(size)
    _positions(times, at, 1, ends)
    _positions(times, at, left_open - window, low)
    _bounds(times.size - 1, ends, low, high)
    _extrapolation(
        times, at, window, seconds, clamp_first, low, high, sampled, start_gap, end_gap, factor
    )
    _gains(values, low, high, resets, lost, lost_before, exact, gains)
    _scale(
        values, low, high, sampled, start_gap, end_gap, factor, seconds, clamp_first, gains, found
    )
    for k in range(size):
        present[k] = high[k] > low[k]
        if not present[k]:
            found[k] = np.nan
