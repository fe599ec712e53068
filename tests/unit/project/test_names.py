"""What a name that is none is answered with."""

from dataclasses import replace

import pytest

from slo.errors import ConfigError
from slo.project.names import named
from tests import shop

OBJECTIVES = [shop.availability(name=name) for name in ("ticket-success", "api-availability")]


def answer(name: str, known=OBJECTIVES) -> str:
    with pytest.raises(ConfigError) as refused:
        named(name, known, "objective")
    return str(refused.value)


@pytest.mark.parametrize("typed", ["ticket-succes", "Ticket-Success", "ticket_success"])
def test_a_mistyped_name_is_answered_with_the_nearest(typed):
    assert answer(typed) == f"there is no objective {typed!r}, the nearest is 'ticket-success'"


def test_a_service_is_answered_with_what_it_has():
    assert answer("shop") == (
        "there is no objective 'shop'; that is a service, which has api-availability, "
        "ticket-success"
    )


def test_a_name_that_two_services_have_is_answered_with_both():
    both = [OBJECTIVES[0], replace(OBJECTIVES[0], service="cart")]
    assert answer("ticket-success", both) == (
        "several have the name of objective 'ticket-success'; name one of shop/ticket-success, "
        "cart/ticket-success"
    )


def test_names_are_listed_as_far_as_anybody_reads():
    many = [shop.availability(name=f"promise-{number:02}") for number in range(15)]
    said = answer("nonsense", many)
    assert said.endswith("shop/promise-10, shop/promise-11, and 3 more")
    assert answer("nonsense").endswith(
        "the project's are shop/api-availability, shop/ticket-success"
    )
