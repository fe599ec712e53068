import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.rules.phases import Phase, counter_values, gauge_values


def expanded(notation: str) -> list[float]:
    """As promtool reads it: ``a+bxn`` are n + 1 values."""
    values = []
    for part in notation.split():
        start, step, more = re.fullmatch(r"(.+)\+(\d+)x(\d+)", part).groups()
        values += [float(start) + int(step) * n for n in range(int(more) + 1)]
    return values


def test_a_counter_grows_by_each_phase():
    phases = (Phase(0.1, 2), Phase(0.5, 3))
    assert counter_values(phases, lambda bad: round(bad * 10)) == "0+1x2 7+5x2"
    assert expanded("0+1x2 7+5x2") == [0, 1, 2, 7, 12, 17]


def test_a_gauge_changes_one_step_after_a_phase_ends():
    assert gauge_values((Phase(0.0, 2), Phase(1.0, 1)), lambda bad: 90 + 20 * bad) == (
        "90+0x2 110+0x0"
    )


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.25, 1.0]), st.integers(0, 9)), min_size=1))
def test_there_is_a_sample_at_each_step_and_one_at_the_start(drawn):
    phases = [Phase(*one) for one in drawn]
    steps = [phase for phase in phases for _ in range(phase.steps)]
    if steps:
        counter = expanded(counter_values(phases, lambda bad: round(bad * 4)))
        assert len(counter) == len(steps) + 1
        assert counter[-1] == pytest.approx(sum(phase.bad * 4 for phase in steps))
        gauge = expanded(gauge_values(phases, lambda bad: bad))
        assert gauge[1:] == [phase.bad for phase in steps]
