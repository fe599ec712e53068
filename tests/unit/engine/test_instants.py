import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.engine.instants import instants
from slo.model.span import Span


def test_instants_are_multiples_of_the_interval_and_an_offset():
    assert instants(Span(0, 180), 60).tolist() == [0, 60, 120]
    assert instants(Span(1, 181), 60).tolist() == [60, 120, 180]
    assert instants(Span(0, 180), 60, 7).tolist() == [7, 67, 127]
    assert instants(Span(0, 180), 60, 67).tolist() == [7, 67, 127]
    assert instants(Span(5, 5), 60).tolist() == []
    assert instants(Span(0, 1), 60).dtype == np.int64


@pytest.mark.parametrize("interval", [0, -60])
def test_an_interval_is_positive(interval):
    with pytest.raises(ValueError, match="positive"):
        instants(Span(0, 1), interval)


@given(st.integers(-500, 500), st.integers(0, 500), st.integers(1, 90), st.integers(-200, 200))
def test_all_of_them_and_no_others(start, length, interval, offset):
    found = instants(Span(start, start + length), interval, offset).tolist()
    expected = [t for t in range(start, start + length) if (t - offset) % interval == 0]
    assert found == expected
