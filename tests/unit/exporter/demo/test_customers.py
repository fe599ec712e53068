"""Tickets and customers: the same for the same seed, and what was said of them."""

from itertools import islice

import pytest

from exporter.demo.tickets import EASE, Customer, Ticket, forms
from exporter.settings import Settings


def test_the_same_seed_sends_the_same_tickets():
    assert list(islice(forms(7), 50)) == list(islice(forms(7), 50))
    assert list(islice(forms(7), 50)) != list(islice(forms(8), 50))


def test_most_categories_are_known_and_a_few_are_not():
    sent = [form["category"] for form in islice(forms(1), 2_000)]
    assert set(EASE) == set(Settings().categories)
    strange = sum(category not in EASE for category in sent)
    assert 20 < strange < 120


def test_every_form_is_a_ticket():
    for number, form in enumerate(islice(forms(3), 100), 1):
        ticket = Ticket.accepted(number, form)
        assert (ticket.number, ticket.category) == (number, form["category"])
        assert ticket.created_at == ticket.queued_at


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "text: found None, expected text"),
        ({"text": ""}, "text: found '', expected text"),
        ({"text": "x", "category": 3}, "category: found 3, expected text"),
    ],
)
def test_what_is_no_ticket_is_said_to_be_none(form, message):
    with pytest.raises(ValueError, match=message):
        Ticket.accepted(1, form)


def test_customers_do_the_same_for_the_same_seed_and_number():
    tickets = [Ticket.accepted(n, form) for n, form in enumerate(islice(forms(1), 2_000), 1)]
    once, again = ([Customer.of(ticket, 5) for ticket in tickets] for _ in range(2))
    assert once == again
    easy = sum(one.is_easy for one in once) / len(once)
    assert 0.6 < easy < 0.75
    assert {one.score for one in once} == {None, 1, 2, 3, 4, 5}
    assert 10 < sum(one.patience is not None for one in once) < 120
