"""numba kernels: thousands of alert conditions over one history, quiet stretches skipped.

A level is what must exceed a threshold for a condition to hold. Blocks of levels carry their
highest and lowest, and blocks of blocks their highest: a run above a threshold is found without
looking at what is quiet, and its end without looking at what is loud.
"""

from __future__ import annotations

import numpy as np

from slo.kernel import kernel

BLOCK = 32
"""Levels a block."""

BLOCKS = 16
"""Blocks a block of blocks."""


@kernel(error_model="numpy", nogil=True)
def extremes(levels, size, highest, lowest):
    """Fill the highest and lowest level of each block, shape (rows, blocks)."""
    for row in range(levels.shape[0]):
        for block in range(highest.shape[1]):
            top, bottom = -np.inf, np.inf
            for i in range(block * size, min(levels.shape[1], (block + 1) * size)):
                top, bottom = max(top, levels[row, i]), min(bottom, levels[row, i])
            highest[row, block], lowest[row, block] = top, bottom


@kernel(error_model="numpy", nogil=True)
def _rises(level, highest, tallest, threshold, at):
    """Index of the first level above a threshold, or the number of levels."""
    while at < level.size:
        if at % BLOCK == 0:
            block = at // BLOCK
            if block % BLOCKS == 0 and not tallest[block // BLOCKS] > threshold:
                at += BLOCK * BLOCKS
                continue
            if not highest[block] > threshold:
                at += BLOCK
                continue
        if level[at] > threshold:
            return at
        at += 1
    return level.size


@kernel(error_model="numpy", nogil=True)
def _falls(level, lowest, threshold, at):
    """Index of the first level that is not above a threshold, or the number of levels."""
    while at < level.size:
        if at % BLOCK == 0 and lowest[at // BLOCK] > threshold:
            at += BLOCK
            continue
        if not level[at] > threshold:
            return at
        at += 1
    return level.size


@kernel(error_model="numpy", nogil=True)
def _touches(start, end, seen, first, spans):
    """Whether an episode overlaps any span, each prolonged by ``seen`` milliseconds."""
    for k in range(first, spans.shape[0]):
        if spans[k, 0] >= end:
            return False
        if start <= spans[k, 1] + seen:
            return True
    return False


@kernel(error_model="numpy", nogil=True)
def sweep(
    levels, highest, lowest, tallest, thresholds, holds, seen, warm, first_at, interval, end,
    incidents, latest, excluded, cuts, rows, episodes, false, firing, detected,
):  # fmt: skip
    """Fill what each condition would have done.

    Conditions are every pair of ``rows`` (row of levels, index of threshold) with every hold.
    ``seen`` (rows of levels, holds) is how long after its end an incident is still seen, ``warm``
    (rows of levels) the instant before which an episode without an incident is not judged.
    ``latest`` is the running maximum of the incidents' ends; spans are in the order of their
    starts. Episodes, false ones and evaluations that fire are counted by the stretch between
    ``cuts`` in which an episode starts: shape (conditions, holds, stretches). ``detected``
    (conditions, holds, incidents) is the index of the evaluation that first fired, else -1.
    """
    for c in range(rows.shape[0]):
        row, threshold = rows[c, 0], thresholds[rows[c, 1]]
        level = levels[row]
        up = _rises(level, highest[row], tallest[row], threshold, 0)
        passed, stretch = 0, 0
        longest_seen = seen[row, -1]
        while up < level.size:
            down = _falls(level, lowest[row], threshold, up)
            start_of_run = first_at + up * interval
            while passed < latest.size and latest[passed] + longest_seen < start_of_run:
                passed += 1
            stop = end if down == level.size else first_at + down * interval
            for h in range(holds.size):
                fires = up + holds[h]
                if fires >= down:
                    break
                start = first_at + fires * interval
                if excluded.shape[0] and _touches(start, stop, seen[row, h], 0, excluded):
                    continue
                true = False
                for k in range(passed, incidents.shape[0]):
                    if incidents[k, 0] >= stop:
                        break
                    if start <= incidents[k, 1] + seen[row, h]:
                        true = True
                        if detected[c, h, k] < 0:
                            detected[c, h, k] = fires
                if not true and start < warm[row]:
                    continue
                while stretch + 1 < cuts.size and cuts[stretch + 1] <= start_of_run:
                    stretch += 1
                own = stretch
                while own + 1 < cuts.size and cuts[own + 1] <= start:
                    own += 1
                episodes[c, h, own] += 1
                firing[c, h, own] += down - fires
                if not true:
                    false[c, h, own] += 1
            up = _rises(level, highest[row], tallest[row], threshold, down)


@kernel(error_model="numpy", nogil=True)
def record(
    levels, highest, lowest, tallest, threshold, hold, seen, warm, row, first_at, interval, end,
    incidents, excluded, found,
):  # fmt: skip
    """Write one condition's judged episodes as (start, end, true); returns how many there are.

    Writes no more than ``found`` (n, 3) holds.
    """
    level = levels[row]
    count = 0
    up = _rises(level, highest[row], tallest[row], threshold, 0)
    while up < level.size:
        down = _falls(level, lowest[row], threshold, up)
        fires = up + hold
        if fires < down:
            start = first_at + fires * interval
            stop = end if down == level.size else first_at + down * interval
            true = _touches(start, stop, seen, 0, incidents)
            kept = not (excluded.shape[0] and _touches(start, stop, seen, 0, excluded))
            if kept and (true or start >= warm):
                if count < found.shape[0]:
                    found[count, 0], found[count, 1], found[count, 2] = start, stop, true
                count += 1
        up = _rises(level, highest[row], tallest[row], threshold, down)
    return count


@kernel(error_model="numpy", nogil=True)
def merge(episodes, begins, sets, cuts, calls, false):
    """Count the calls of sets of conditions: episodes that overlap or touch are one.

    ``episodes`` (n, 3) holds start, end and truth of every condition's in turn, ``begins``
    (conditions + 1) where each condition's begin, ``sets`` (m, members) conditions or -1.
    ``calls`` and ``false`` (m, stretches) are filled by the stretch in which a call starts; a
    call is true if any of its episodes is.
    """
    members = sets.shape[1]
    at = np.empty(members, np.int64)
    stop = np.empty(members, np.int64)
    for s in range(sets.shape[0]):
        for m in range(members):
            at[m] = begins[sets[s, m]] if sets[s, m] >= 0 else 0
            stop[m] = begins[sets[s, m] + 1] if sets[s, m] >= 0 else 0
        stretch = 0
        start, end, true, open_ = np.int64(0), np.int64(0), False, False
        while True:
            nearest = -1
            for m in range(members):
                if at[m] < stop[m] and (
                    nearest < 0 or episodes[at[m], 0] < episodes[at[nearest], 0]
                ):
                    nearest = m
            if nearest >= 0 and open_ and episodes[at[nearest], 0] <= end:
                end = max(end, episodes[at[nearest], 1])
                true |= episodes[at[nearest], 2] != 0
                at[nearest] += 1
                continue
            if open_:
                while stretch + 1 < cuts.size and cuts[stretch + 1] <= start:
                    stretch += 1
                calls[s, stretch] += 1
                false[s, stretch] += not true
            if nearest < 0:
                break
            start, end = episodes[at[nearest], 0], episodes[at[nearest], 1]
            true, open_ = episodes[at[nearest], 2] != 0, True
            at[nearest] += 1
