"""Price, volume and mix: they add up, and each is what its name says."""

from fractions import Fraction
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.cost.change import Usage, change

ITEMS = [("acme", model, kind) for model in ("large", "small") for kind in ("input", "output")]
NUMBERS = st.one_of(st.just(0.0), st.floats(1e-3, 1e6))


@st.composite
def usages(draw):
    tokens = {item: draw(NUMBERS) for item in ITEMS}
    dollars = {item: draw(NUMBERS) if draw(st.integers(0, 9)) else 0.0 for item in ITEMS}
    return Usage(dollars, tokens, draw(NUMBERS), draw(NUMBERS), draw(NUMBERS))


def slow_parts(before, after):
    """Price, volume and mix in fractions, one item after the other."""
    rows = [
        [
            Fraction(side[item])
            for side in (before.dollars, after.dollars, before.tokens, after.tokens)
        ]
        for item in ITEMS
    ]
    rows = [row for row in rows if not (row[0] and not row[2]) and not (row[1] and not row[3])]
    old, tokens = sum(row[0] for row in rows), sum(row[3] for row in rows)
    past = sum(row[2] for row in rows)
    if not past:
        return 0.0, float(sum(row[1] for row in rows) - old), 0.0
    price = sum(row[1] - row[0] / row[2] * row[3] for row in rows if row[2])
    volume = old * tokens / past - old
    mix = sum(row[1] for row in rows) - old - price - volume
    return tuple(map(float, (price, volume, mix)))


@given(usages(), usages())
def test_the_parts_are_the_slow_ones_and_add_up(before, after):
    found = change(before, after)
    size = max(1.0, before.total, after.total, *(abs(part) for part in slow_parts(before, after)))
    assert (found.price, found.volume, found.mix) == pytest.approx(
        slow_parts(before, after), rel=1e-9, abs=1e-9 * size
    )
    assert fsum(part.dollars for part in found.parts) == pytest.approx(
        found.dollars, abs=1e-7 * size
    )


@given(usages(), st.floats(0.01, 100))
def test_only_a_price_that_changes_is_all_price(before, factor):
    dearer = {item: dollars * factor for item, dollars in before.dollars.items()}
    found = change(
        before, Usage(dearer, before.tokens, before.calls, before.tickets, before.running)
    )
    assert found.volume == pytest.approx(0, abs=1e-9 * max(before.total, 1))
    assert found.mix == pytest.approx(0, abs=1e-6 * max(before.total * factor, 1))
    assert found.running == 0


def usage(tokens, *, calls=100.0, tickets=50.0, price=2.0, running=0.0):
    item = ITEMS[0]
    return Usage({item: tokens * price}, {item: tokens}, calls, tickets, running)


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        (usage(2000, calls=200, tickets=100), "tickets"),
        (usage(2000, calls=200), "calls per ticket"),
        (usage(2000), "tokens per call"),
        (usage(1000, price=4.0), "price"),
        (usage(1000, running=2000), "running cost"),
    ],
)
def test_what_alone_has_doubled_is_the_cause_of_all_of_it(after, cause):
    found = change(usage(1000), after)
    assert found.dollars == 2000
    assert found.cause.name == cause
    assert found.cause.dollars == pytest.approx(2000, rel=1e-12)


def test_another_model_for_the_same_tokens_is_mix():
    before = Usage({ITEMS[0]: 10.0, ITEMS[2]: 1.0}, {ITEMS[0]: 10.0, ITEMS[2]: 10.0}, 2, 1, 0)
    after = Usage({ITEMS[0]: 5.0, ITEMS[2]: 1.5}, {ITEMS[0]: 5.0, ITEMS[2]: 15.0}, 2, 1, 0)
    found = change(before, after)
    assert (found.price, found.volume, found.mix) == pytest.approx((0, 0, -4.5))


def test_a_model_without_a_past_comes_as_mix_at_its_own_price():
    before = Usage({ITEMS[0]: 10.0}, {ITEMS[0]: 10.0}, 2, 1, 0)
    after = Usage({ITEMS[2]: 1.0}, {ITEMS[2]: 10.0}, 2, 1, 0)
    assert change(before, after).mix == -9


def test_dollars_without_tokens_are_said_to_be():
    before, after = Usage({}, {}, 0, 0, 0), Usage({ITEMS[0]: 7.0}, {}, 0, 0, 0)
    found = change(before, after)
    assert (found.unmeasured, found.price, found.volume, found.mix) == (7, 0, 0, 0)
    assert found.cause.name == "cost without tokens"
