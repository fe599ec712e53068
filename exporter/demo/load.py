"""Customers: they send tickets, and ask quick questions, at random instants."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from exporter.demo.tickets import forms

if TYPE_CHECKING:
    from threading import Event

_ASKED = 0.15
"""Quick questions for each ticket."""
_BROKEN = 0.01
"""Share of requests that are no JSON."""
_SECONDS = 30.0


def send_tickets(port: int, rate: float, seed: int, most: int | None, stop: Event) -> int:
    """Send tickets to a port of this machine until told to stop; returns how many were sent.

    Args:
        port: Where the application listens.
        rate: Tickets a second, as a Poisson process.
        seed: Of what is sent, and when.
        most: Tickets after which it is enough; None for no end.
        stop: Ends it.

    """
    luck, sent = Random(seed), 0  # noqa: S311  a demonstration, no secret
    with ThreadPoolExecutor(8) as others:
        for number, form in zip(count(1), forms(seed), strict=False):
            if (most is not None and number > most) or stop.wait(luck.expovariate(rate)):
                break
            others.submit(_post, port, "/tickets", json.dumps(form), "application/json")
            sent += 1
            if luck.random() < _BROKEN:
                others.submit(_post, port, "/tickets", "{", "application/json")
            if luck.random() < _ASKED:
                accepted = luck.choice(("text/plain", "application/json"))
                others.submit(_post, port, "/ask", form["text"], accepted)
    return sent


def _post(port: int, path: str, body: str, accepted: str) -> int | None:
    """The answer's status; None where there is no answer, as at the end of the demonstration."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    headers = {"Content-Type": "application/json", "Accept": accepted}
    try:
        connection.request("POST", path, body.encode(), headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
    return answer.status
