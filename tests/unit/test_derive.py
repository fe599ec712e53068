"""Incidents from the history itself, against outages whose bounds are known."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.derive import DERIVED, derived_incidents
from slo.engine.events import event_counts
from slo.errors import NotEnoughData
from slo.model.duration import MINUTE
from slo.model.samples import History
from tests import shop


def test_outages_are_found_to_the_minute_and_say_what_they_are():
    first, second = shop.stretch(1, 0.5), shop.stretch(3.5, 2)
    found = derived_incidents(shop.availability(), shop.history((first, 0.5), (second, 0.1)), 0.03)
    assert [one.span for one in found] == [first, second]
    for one, spent in zip(found, ("5.0", "4.0"), strict=True):
        assert one.kind == DERIVED
        assert one.touches("shop", "availability")
        assert one.source == f"derived: spent {spent}% of the budget"


def test_a_calm_history_holds_no_incident():
    assert derived_incidents(shop.availability(), shop.history(), 0.001) == ()


def test_what_spends_less_than_the_share_is_no_incident():
    blip = shop.stretch(1, 0.1)
    history = shop.history((blip, 0.5))
    assert derived_incidents(shop.availability(), history, 0.01) == ()
    assert len(derived_incidents(shop.availability(), history, 0.009)) == 1


def test_outages_more_than_an_hour_apart_are_two_and_less_than_that_are_one():
    near, apart = shop.stretch(2, 0.5), shop.stretch(2 + 1.4 / 24, 0.5)
    far = shop.stretch(2 + 3 / 24, 0.5)
    one = shop.availability()
    together = derived_incidents(one, shop.history((near, 0.9), (apart, 0.9)), 0.05)
    assert [(one.span.start, one.span.end) for one in together] == [(near.start, apart.end)]
    assert len(derived_incidents(one, shop.history((near, 0.9), (far, 0.9)), 0.05)) == 2


def test_without_samples_nothing_is_derived():
    with pytest.raises(NotEnoughData):
        derived_incidents(shop.availability(), History((), shop.SPAN), 0.05)


@pytest.mark.parametrize("share", [0, -0.1])
def test_a_share_is_above_zero(share):
    with pytest.raises(ValueError, match="above 0"):
        derived_incidents(shop.availability(), shop.history(), share)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 6.5), st.floats(0.02, 8), st.floats(0.001, 1)), max_size=5),
    st.floats(0.001, 0.3),
)
def test_incidents_follow_each_other_and_each_spends_its_share(outages, share):
    one = shop.availability()
    history = shop.history(*((shop.stretch(day, hours), bad) for day, hours, bad in outages))
    found = derived_incidents(one, history, share)
    counts = event_counts(one.indicator, history)
    _, total = counts.between(history.span)
    allowed = 0.01 * total * one.period.length / history.span.length
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start
    for incident in found:
        bad, events = counts.between(incident.span)
        assert bad / allowed >= share * (1 - 1e-9)
        assert bad > 0.01 * events
        assert incident.span.start % MINUTE == 0
    spent = [counts.between(incident.span)[0] for incident in found]
    assert np.sum(spent) <= counts.between(history.span)[0] + 1e-6
