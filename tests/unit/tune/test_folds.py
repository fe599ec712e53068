"""Earlier weeks choose, later weeks judge."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from slo.model.duration import DAY, WEEK
from slo.model.span import Span
from slo.tune.folds import LEAST_TRAINING, cuts, walk_forward

START = 1_790_000_000_000


@given(st.integers(0, 500 * DAY), st.integers(0, 3 * DAY))
def test_tests_follow_each_other_to_the_end_and_trainings_end_a_gap_before(length, gap):
    span = Span(START, START + length)
    folds = walk_forward(span, gap)
    assert len(folds) <= 12
    for fold in folds:
        assert fold.training.start == span.start
        assert fold.training.end == fold.test.start - gap
        assert fold.training.length >= LEAST_TRAINING
        assert fold.test.length >= WEEK
    for before, after in pairwise(folds):
        assert before.test.end == after.test.start
    if folds:
        assert folds[-1].test.end == span.end
    else:
        assert length < LEAST_TRAINING + gap + WEEK or length // 3 + WEEK > length
    borders = cuts(folds, span)
    assert borders[0] == span.start
    assert list(borders) == sorted(set(borders))
    for fold in folds:
        assert {fold.training.end, fold.test.start} <= set(borders)


def test_ninety_days_are_judged_week_by_week():
    folds = walk_forward(Span(START, START + 90 * DAY), 3 * DAY)
    assert [fold.test.length // DAY for fold in folds] == [7] * 7 + [11]
    assert folds[0].test.start == START + 30 * DAY
