"""Tickets, what customers write in them, and what else customers do."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from time import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

EASE = {
    "billing": 0.72,
    "technical": 0.61,
    "account": 0.86,
    "shipping": 0.82,
    "refund": 0.55,
    "product": 0.80,
    "complaint": 0.40,
}
"""Share of tickets that the agent can resolve, by category."""

_QUESTIONS = {
    "billing": "Why was I charged twice this month?",
    "technical": "The app stops when I open my orders, what can I do?",
    "account": "I cannot sign in since I changed my password.",
    "shipping": "Where is my parcel? It was due on Monday.",
    "refund": "I sent the shoes back, when do I get my money?",
    "product": "Does the tent in size M fit three people?",
    "complaint": "This is the third time that the wrong size came.",
}
_CHANNELS = {"chat": 60, "email": 25, "api": 10, "phone": 5}
_PRIORITIES = {"normal": 75, "low": 10, "high": 10, "urgent": 5}
_STRAY = 0.03
"""Share of tickets under a category that nobody planned for: labels must stand that."""


@dataclass(frozen=True)
class Ticket:
    """What a customer wants; the decorator reads its fields by these names.

    Attributes:
        number: Counted from 1.
        category: What it is about, as the customer's form says.
        channel: How it came.
        priority: How urgent it is.
        text: What the customer wrote.
        created_at: When, in Unix seconds.
        queued_at: When it was put into the queue, in Unix seconds.

    """

    number: int
    category: str
    channel: str
    priority: str
    text: str
    created_at: float
    queued_at: float

    @classmethod
    def accepted(cls, number: int, form: dict[str, Any]) -> Ticket:
        """A ticket from a form.

        Raises:
            ValueError: A field is missing or no text; the message names it.

        """
        fields = {"category": "other", "channel": "api", "priority": "normal"} | form
        for name in ("category", "channel", "priority", "text"):
            value = fields.get(name)
            if not isinstance(value, str) or not value:
                raise ValueError(f"{name}: found {value!r}, expected text")
        now = time()
        return cls(
            number,
            fields["category"],
            fields["channel"],
            fields["priority"],
            fields["text"],
            created_at=now,
            queued_at=now,
        )


@dataclass(frozen=True)
class Customer:
    """What the customer of one ticket will do; the same for the same seed and number.

    Attributes:
        is_easy: Whether the agent can resolve what it is about.
        is_hard: Whether it takes a second look, by a model that reasons.
        wants_person: Whether nothing but a person will do.
        patience: Seconds after which the customer leaves in the middle of an answer.
        score: The rating from 1 to 5, None for none.
        returns: Whether a resolved ticket is opened again.
        human_seconds: How long a person works on it if it is escalated.

    """

    is_easy: bool
    is_hard: bool
    wants_person: bool
    patience: float | None
    score: int | None
    returns: bool
    human_seconds: float

    @classmethod
    def of(cls, ticket: Ticket, seed: int) -> Customer:
        """The customer of a ticket."""
        luck = Random(f"{seed} {ticket.number}")  # noqa: S311  a demonstration, no secret
        is_easy = luck.random() < EASE.get(ticket.category, 0.5)
        scores = (70, 20, 4, 2, 4) if is_easy else (45, 30, 10, 5, 10)
        return cls(
            is_easy=is_easy,
            is_hard=luck.random() < 0.3,  # noqa: PLR2004  a share
            wants_person=luck.random() < 0.03,  # noqa: PLR2004  a share
            patience=luck.uniform(0.2, 1.0) if luck.random() < 0.03 else None,  # noqa: PLR2004
            score=luck.choices((5, 4, 3, 2, 1), scores)[0] if luck.random() < 0.25 else None,  # noqa: PLR2004
            returns=luck.random() < 0.06,  # noqa: PLR2004  a share
            human_seconds=luck.lognormvariate(6.4, 0.6),
        )


def forms(seed: int) -> Iterator[dict[str, str]]:
    """What customers send, one form after the other, without end; the same for the same seed."""
    luck = Random(seed)  # noqa: S311  a demonstration, no secret
    while True:
        category = luck.choice(list(EASE))
        yield {
            "category": "gift cards" if luck.random() < _STRAY else category,
            "channel": luck.choices(list(_CHANNELS), list(_CHANNELS.values()))[0],
            "priority": luck.choices(list(_PRIORITIES), list(_PRIORITIES.values()))[0],
            "text": f"{_QUESTIONS[category]} My order is {luck.randrange(1, 500)}.",
        }
