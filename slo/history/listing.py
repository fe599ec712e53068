"""What a Prometheus holds: the names of its metrics, their types, and the names of their labels.

Nothing here grows with the number of series: names are asked for and not series, each answer has
a limit, which servers that know none are held to here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from slo.errors import HistoryError
from slo.history.connection import answered
from slo.history.queries import QueryRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.history.connection import Connections
    from slo.model.selector import Selector
    from slo.model.span import Span

_MOST_NAMES = 50_000
_MOST_LABELS = 200
_OK = 200


@dataclass(frozen=True)
class Listing:
    """The metrics of a server.

    Attributes:
        names: Sorted.
        kinds: ``counter``, ``gauge``, ``histogram`` and so on by the family's name. Empty where
            the server does not tell: types are known only of what it scrapes itself.
        complete: Whether these are all names.

    """

    names: tuple[str, ...]
    kinds: Mapping[str, str] = field(default_factory=dict, repr=False)
    complete: bool = True


def metric_listing(connections: Connections, span: Span) -> Listing:
    """The metrics that have samples in a span, in two requests.

    Raises:
        HistoryError: The server cannot be reached, refuses the credentials, or is no Prometheus.

    """
    asked = {**_within(span), "limit": str(_MOST_NAMES)}
    names = _get(connections, "label/__name__/values", asked)
    if not isinstance(names, list):
        raise _no_prometheus(connections, f"found {type(names).__name__} in place of names")
    found = sorted(name for name in names if isinstance(name, str))
    kept = tuple(found[:_MOST_NAMES])
    return Listing(kept, _kinds(connections), complete=len(found) < _MOST_NAMES)


def label_names(connections: Connections, selector: Selector, span: Span) -> tuple[str, ...]:
    """The names of the labels that the series of a selector have in a span.

    Raises:
        QueryRefused: The server does not tell.
        HistoryError: The server cannot be reached, or refuses the credentials.

    """
    asked = {**_within(span), "match[]": str(selector), "limit": str(_MOST_LABELS)}
    names = _get(connections, "labels", asked)
    return tuple(sorted(map(str, names))[:_MOST_LABELS]) if isinstance(names, list) else ()


def _kinds(connections: Connections) -> dict[str, str]:
    """Types by family; compatible servers know none of them, or not even the question."""
    try:
        told = _get(connections, "metadata", {"limit": str(_MOST_NAMES), "limit_per_metric": "1"})
    except HistoryError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        str(name): str(entries[0].get("type", ""))
        for name, entries in told.items()
        if isinstance(entries, list) and entries and isinstance(entries[0], dict)
    }


def _within(span: Span) -> dict[str, str]:
    return {"start": f"{span.start / 1000:.3f}", "end": f"{span.end / 1000:.3f}"}


def _get(connections: Connections, path: str, parameters: dict[str, str]) -> Any:  # noqa: ANN401  JSON
    """What stands under ``data`` of an answer."""
    answer = answered(connections, path, parameters)
    try:
        body = answer.json()
    except ValueError:
        raise _no_prometheus(connections, f"found no JSON (HTTP {answer.status_code})") from None
    if not isinstance(body, dict) or (answer.status_code == _OK and "data" not in body):
        raise _no_prometheus(connections, "found JSON without data")
    if answer.status_code != _OK:
        raise QueryRefused(str(body.get("error", f"HTTP {answer.status_code}")))
    return body["data"]


def _no_prometheus(connections: Connections, found: str) -> HistoryError:
    address = connections.server.shown_url
    path = urlsplit(address).path
    below = f" Leave {path!r} away, unless Prometheus is served below it." if path else ""
    return HistoryError(
        f"{address} does not answer as Prometheus does: {found}, expected the HTTP API under "
        f"/api/v1; is the address right, and is there a login page before it?{below}"
    )
