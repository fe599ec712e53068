"""Thousands of conditions at once, against one condition at a time, told the obvious way."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.backtest.judge import Judge
from slo.backtest.score import calls as called_together
from slo.backtest.verdict import not_excluded, verdict
from slo.engine.alert import FIRING, episodes, states
from slo.engine.ratio import ErrorRatios
from slo.engine.sweep import calls, judged, levels, levels_of, record, sweep
from slo.model.alert import BurnRateAlert
from slo.model.duration import HOUR, MINUTE
from slo.model.incident import Exclusion
from slo.model.span import Span
from tests import shop

FIRST = 1_790_000_000_000 // HOUR * HOUR
PAIRS = ((HOUR, 5 * MINUTE), (6 * HOUR, 30 * MINUTE))


@dataclass(frozen=True)
class Told:
    """One condition's episode: evaluations, instants, and what it belongs to."""

    index: int
    start: int
    end: int
    evaluations: int
    incidents: frozenset[int]


def told(level, threshold, hold, *, seen, warm, end, incidents, excluded):
    """Every judged episode of a condition."""
    times = FIRST + np.arange(level.size) * MINUTE
    state, _ = states(level > threshold, times, hold, 0)
    firing = np.concatenate(([False], state == FIRING, [False]))
    edges = np.flatnonzero(np.diff(firing.astype(int))).reshape(-1, 2)
    found = []
    for first, stop in edges:
        start = int(times[first])
        until = int(times[stop]) if stop < level.size else end
        touched = [
            [start <= span.end + seen and until > span.start for span in spans]
            for spans in (incidents, excluded)
        ]
        if any(touched[1]):
            continue
        own = frozenset(np.flatnonzero(touched[0]).tolist())
        if not own and start < warm:
            continue
        found.append(Told(int(first), start, until, int(stop - first), own))
    return found


spans = st.lists(
    st.tuples(st.integers(0, 700), st.integers(1, 90)).map(
        lambda s: Span(FIRST + s[0] * MINUTE, FIRST + (s[0] + s[1]) * MINUTE + 7)
    ),
    max_size=5,
).map(sorted)


@st.composite
def stories(draw):
    size = draw(st.integers(1, 700))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    calm = draw(st.sampled_from([0.0, 0.5, 0.99]))
    values = np.where(rng.random((2, size)) < calm, 0.0, rng.choice([0.1, 0.2, 0.3], (2, size)))
    for row in values:
        for _ in range(draw(st.integers(0, 3))):
            at, length = rng.integers(0, size), rng.integers(1, 200)
            row[at : at + length] = rng.choice([0.25, 0.4, -np.inf])
    return values, draw(spans), draw(spans)


THRESHOLDS = np.array([0.05, 0.15, 0.2, 0.35])
HOLDS = (0, 90_000, 5 * MINUTE)


@settings(max_examples=50, deadline=None)
@given(stories(), st.lists(st.integers(1, 699), max_size=3, unique=True).map(sorted))
def test_a_sweep_equals_the_obvious_loop(story, cut_at):
    values, incidents, excluded = story
    end = FIRST + values.shape[1] * MINUTE + 5_000
    cuts = [FIRST, *(FIRST + at * MINUTE for at in cut_at)]
    beginning = FIRST - 3 * HOUR
    over = levels(values, FIRST, MINUTE, end)
    by = judged(incidents, excluded, cuts=cuts, pairs=PAIRS, holds=HOLDS, beginning=beginning)
    swept = sweep(over, by, THRESHOLDS, HOLDS)
    for row, (long, short) in enumerate(PAIRS):
        for t, threshold in enumerate(THRESHOLDS):
            for h, hold in enumerate(HOLDS):
                expected = told(
                    values[row], threshold, hold, seen=short + hold, warm=beginning + long,
                    end=end, incidents=incidents, excluded=excluded,
                )  # fmt: skip
                stretch = [max(0, np.searchsorted(cuts, e.start, "right") - 1) for e in expected]
                for s in range(len(cuts)):
                    here = [e for e, own in zip(expected, stretch, strict=True) if own == s]
                    assert swept.episodes[row, t, h, s] == len(here)
                    assert swept.false[row, t, h, s] == sum(not e.incidents for e in here)
                    assert swept.firing[row, t, h, s] == sum(e.evaluations for e in here)
                for k in range(len(incidents)):
                    seen = [e.index for e in expected if k in e.incidents]
                    assert swept.detected[row, t, h, k] == min(seen, default=-1)


@settings(max_examples=60, deadline=None)
@given(stories())
def test_calls_of_sets_are_merged_episodes(story):
    values, incidents, excluded = story
    end = FIRST + values.shape[1] * MINUTE
    cuts = [FIRST, FIRST + 200 * MINUTE]
    over = levels(values, FIRST, MINUTE, end)
    by = judged(incidents, excluded, cuts=cuts, pairs=PAIRS, holds=HOLDS, beginning=FIRST)
    conditions = [(row, float(t), h) for row in (0, 1) for t in THRESHOLDS for h in (0, 2)]
    recorded = record(over, by, conditions, HOLDS)
    sets = np.array([(0, -1), (0, 9), (3, 14), (5, 5), (15, 2)])
    called, false = calls(recorded, sets, by)
    for s, members in enumerate(sets):
        expected = []
        for member in members[members >= 0]:
            row, threshold, h = conditions[member]
            long, short = PAIRS[row]
            expected += told(
                values[row], threshold, HOLDS[h], seen=short + HOLDS[h], warm=FIRST + long,
                end=end, incidents=incidents, excluded=excluded,
            )  # fmt: skip
        merged: list[tuple[int, int, bool]] = []
        for one in sorted(expected, key=lambda e: e.start):
            if merged and one.start <= merged[-1][1]:
                start, until, true = merged[-1]
                merged[-1] = (start, max(until, one.end), true or bool(one.incidents))
            else:
                merged.append((one.start, one.end, bool(one.incidents)))
        for stretch in (0, 1):
            here = [m for m in merged if (m[0] >= cuts[1]) == bool(stretch)]
            assert called[s, stretch] == len(here)
            assert false[s, stretch] == sum(not true for *_, true in here)


def test_a_level_is_the_lower_of_both_windows_and_nothing_where_one_is_absent():
    times = FIRST + np.arange(4) * MINUTE
    values = np.array([[0.1, 0.2, np.nan, 0.4], [0.3, 0.1, 0.5, 0.5]])
    present = np.array([[True, True, True, True], [True, True, True, False]])
    ratios = ErrorRatios((HOUR, 5 * MINUTE), times, values, present)
    over = levels_of(ratios, [(HOUR, 5 * MINUTE)], MINUTE, FIRST + HOUR)
    assert over.values.tolist() == [[0.1, 0.1, -np.inf, -np.inf]]


def test_more_episodes_than_there_is_room_for_at_first_are_all_recorded():
    values = np.tile([0.0, 1.0], 400)[None, :]
    over = levels(values, FIRST, MINUTE, FIRST + 800 * MINUTE)
    by = judged([], [], cuts=[FIRST], pairs=PAIRS[:1], holds=(0,), beginning=FIRST - HOUR)
    recorded = record(over, by, [(0, 0.5, 0)], (0,))
    assert recorded.episodes.shape == (400, 3)
    assert sweep(over, by, np.array([0.5]), (0,)).episodes.sum() == 400


WINDOWS = (HOUR, 20 * MINUTE, 5 * MINUTE, MINUTE)
WINDOW_PAIRS = ((HOUR, 5 * MINUTE), (HOUR, MINUTE), (20 * MINUTE, 20 * MINUTE))
FACTORS = (0.5, 2.0, 3.0)
WAITS = (0, MINUTE, 150_000, 10 * MINUTE)
SECONDS_PAST = 17_000

# Edges that fall on evaluations, and a millisecond beside them: there a judgement turns.
stretches = st.lists(
    st.tuples(
        st.integers(-80, 420),
        st.sampled_from([0, SECONDS_PAST, SECONDS_PAST, SECONDS_PAST - 1]),
        st.sampled_from([1, 2, 3, 20, 150]),
        st.sampled_from([0, 0, 1, -1]),
    ).map(
        lambda s: Span(FIRST + s[0] * MINUTE + s[1], FIRST + (s[0] + s[2]) * MINUTE + s[1] + s[3])
    ),
    max_size=6,
)


@st.composite
def ratios_with_gaps(draw):
    """Error ratios of a service at 99 %: calm, loud for stretches, NaN here and absent there."""
    size = draw(st.integers(1, 400))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    calm = draw(st.sampled_from([0.3, 0.9, 1.0]))
    shape = (len(WINDOWS), size)
    values = np.where(rng.random(shape) < calm, 0.001, rng.choice([0.01, 0.02, 0.025, 0.1], shape))
    for _ in range(draw(st.integers(0, 5))):
        at, length = rng.integers(0, size), rng.integers(1, 150)
        # Most outages show in all windows at once; some in a few only.
        values[rng.random(len(WINDOWS)) < rng.choice([0.5, 1.0]), at : at + length] = 0.2
    values[rng.random(shape) < draw(st.sampled_from([0.0, 0.02]))] = np.nan
    present = rng.random(shape) >= draw(st.sampled_from([0.0, 0.02]))
    times = FIRST + SECONDS_PAST + np.arange(size, dtype=np.int64) * MINUTE
    return ErrorRatios(WINDOWS, times, values, present)


@settings(max_examples=25, deadline=None)
@given(
    ratios_with_gaps(), stretches, stretches, st.lists(st.integers(1, 399), max_size=3),
    st.sampled_from([FIRST - 2 * HOUR, FIRST - 10 * MINUTE, FIRST + SECONDS_PAST]),
)  # fmt: skip
def test_a_sweep_counts_what_a_backtest_finds_alert_by_alert(
    ratios, incident_spans, excluded_spans, cut_at, beginning
):
    objective = shop.availability().objective
    size = ratios.times.size
    span = Span(FIRST, FIRST + size * MINUTE + 30_000)
    exclusions = [Exclusion("maintenance", one, "kim", "a move") for one in excluded_spans]
    ordered = sorted(incident_spans, key=lambda one: (one.start, one.end))
    incidents = [shop.incident(one, f"outage-{n}") for n, one in enumerate(ordered)]
    left = not_excluded(incidents, exclusions)
    cuts = [FIRST, *sorted(FIRST + SECONDS_PAST + at * MINUTE for at in cut_at)]
    over = levels_of(ratios, WINDOW_PAIRS, MINUTE, span.end)
    by = judged(
        [incident.span for incident in left], excluded_spans,
        cuts=cuts, pairs=WINDOW_PAIRS, holds=WAITS, beginning=beginning,
    )  # fmt: skip
    alerts = [
        BurnRateAlert(f"{row}-{t}-{h}", "page", *WINDOW_PAIRS[row], FACTORS[t], hold=WAITS[h])
        for row, t, h in np.ndindex(len(WINDOW_PAIRS), len(FACTORS), len(WAITS))
    ]
    thresholds = np.array([alert.threshold(objective) for alert in alerts])
    thresholds = thresholds[:: len(WAITS)][: len(FACTORS)]
    swept = sweep(over, by, thresholds, WAITS)
    conditions = [
        (row, float(thresholds[t]), h)
        for row, t, h in np.ndindex(len(WINDOW_PAIRS), len(FACTORS), len(WAITS))
    ]
    recorded = record(over, by, conditions, WAITS)

    judge = Judge({alert.name: alert for alert in alerts}, span, beginning, lambda _: 0.0)
    everything = sorted(
        (one for alert in alerts for one in episodes(alert, objective, ratios)),
        key=lambda one: (one.start, one.alert),
    )
    found = verdict(judge, everything, incidents, exclusions, "UTC")
    silent = {*found.excluded, *found.unjudged}
    counted = [one for one in everything if one not in silent]

    def stretch(start):
        return max(0, int(np.searchsorted(cuts, start, "right")) - 1)

    for n, (row, t, h) in enumerate(np.ndindex(swept.episodes.shape[:3])):
        own = [one for one in counted if one.alert == alerts[n].name]
        for s in range(len(cuts)):
            here = [one for one in own if stretch(one.start) == s]
            assert swept.episodes[row, t, h, s] == len(here)
            assert swept.false[row, t, h, s] == sum(one in found.false for one in here)
            assert swept.firing[row, t, h, s] == sum(
                int(((ratios.times >= e.start) & (ratios.times < judge.ends(e))).sum())
                for e in here
            )
        for k, outcome in enumerate(found.outcomes):
            seen = outcome.detection(alerts[n].name)
            index = swept.detected[row, t, h, k]
            if seen is None:
                assert index == -1
            else:
                assert seen.at == max(int(over.at(index)), outcome.incident.span.start)
        kept = recorded.episodes[recorded.begins[n] : recorded.begins[n + 1]]
        assert kept[:, :2].tolist() == [[one.start, judge.ends(one)] for one in own]
        assert kept[:, 2].tolist() == [one not in found.false for one in own]

    together, false = calls(recorded, np.arange(len(alerts))[None, :], by)
    expected = called_together(counted, frozenset(found.false), span.end)
    for s in range(len(cuts)):
        here = [call for call in expected if stretch(call.span.start) == s]
        assert together[0, s] == len(here)
        assert false[0, s] == sum(not call.true for call in here)
