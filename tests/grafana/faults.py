"""What goes wrong on the way to a server and back: given back by hooks in place of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from tests.grafana.exchange import Answer

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Grafana</title></head><body>Sign in</body></html>"


@dataclass(frozen=True)
class Cut:
    """The connection ends without an answer.

    Attributes:
        carried_out: Whether the request was carried out before; then only its answer is lost.

    """

    carried_out: bool = False


@dataclass(frozen=True)
class Slow:
    """The answer comes late.

    Attributes:
        seconds: How late.
        carried_out: Whether the request is carried out at once; otherwise it never is, and what
            comes late is a 504.

    """

    seconds: float
    carried_out: bool = False


@dataclass(frozen=True)
class Lost:
    """The request is carried out, and another answer than its own comes back, as by a proxy.

    Attributes:
        answer: What comes back.

    """

    answer: Answer


Fault = Answer | Cut | Slow | Lost


def redirect(location: str, status: int = 302) -> Answer:
    return Answer(status, "", {"Location": location})


def login_page() -> Answer:
    """What single sign-on and wrong sub-paths answer to anything."""
    return Answer(200, LOGIN_PAGE, {"Content-Type": "text/html; charset=UTF-8"})


def too_many(seconds: int | str | None = 1) -> Answer:
    """429; ``seconds`` is what Retry-After says, None leaves it out."""
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return Answer(429, {"message": "Too many requests"}, headers)


def broken(status: int = 500) -> Answer:
    """A 5xx: Grafana's own is JSON, a proxy's is a page."""
    if status == 500:
        return Answer(500, {"message": "Internal Server Error", "traceID": ""})
    page = f"<html><body><h1>{status} Bad Gateway</h1></body></html>"
    return Answer(status, page, {"Content-Type": "text/html"})
