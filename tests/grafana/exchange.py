"""One request and its answer, as the stand-in's parts see them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.grafana.accounts import Account


@dataclass(frozen=True)
class Request:
    """What was asked.

    Attributes:
        method: In capitals.
        path: From ``/api/`` on, without the query, decoded.
        query: Each parameter's values, decoded.
        headers: By lower-case name.
        body: As it came.
        account: Who asks; None where nobody was recognized.

    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    account: Account | None = None

    @property
    def json(self) -> Any:
        """The body, decoded; None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def one(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def number(self, name: str, default: int = 0) -> int:
        """A query parameter as a number; what is none counts as absent."""
        text = self.one(name)
        return int(text) if text.lstrip("-").isdigit() else default

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answer:
    """What is answered: JSON, or a text of its own type.

    Attributes:
        status: Of HTTP.
        body: What becomes JSON; a str is sent as it is; None is no body at all.
        headers: Beside the usual ones.

    """

    status: int
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - an answer, not an error of ours
    """Ends a request with an answer."""

    def __init__(self, status: int, message: str, status_word: str = "", **more: object) -> None:
        super().__init__(message)
        word = {"status": status_word} if status_word else {}
        self.answer = Answer(status, {"message": message, **word, **more})
