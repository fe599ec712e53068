"""A request that an application serves: counted and timed once, by its route and not its path."""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from exporter.failures import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exporter.agent_metrics import Metrics

UNCOUNTED = "exporter.uncounted"
"""Set in WSGI's environ or ASGI's scope by what is not the application's work: a scrape, a probe of
health. As traffic, they would make its objectives look better than they are."""
UNMATCHED = "unmatched"
"""The route of what has none: scanners ask for thousands of paths."""

_FAILED, _CLIENT_GONE = 500, 499


class ServedRequest:
    """One request while it is served. None of the methods raises.

    Args:
        metrics: Where it is counted.
        scope: WSGI's environ or ASGI's scope.
        method: Such as ``GET``.
        route: Asked for the template when the request has ended; it may say None.

    Attributes:
        status: Of the answer, as soon as it is known.

    """

    def __init__(
        self,
        metrics: Metrics,
        scope: Mapping[str, Any],
        method: object,
        route: Callable[[], str | None],
    ) -> None:
        self._metrics, self._scope = metrics, scope
        self._method, self._route = method, route
        self._open = True
        self.status: int | None = None
        self._begun = perf_counter()

    def ended(self) -> None:
        """The answer was sent, or nobody is there to take it; without a status it is a failure."""
        self._count(self.status or _FAILED)

    def failed(self, error: BaseException) -> None:
        """The application raised: a failure, also where the answer had begun.

        One that was cancelled before it had a status is counted as 499, a client that went away.
        """
        if isinstance(error, CANCELLED):
            self._count(self.status or _CLIENT_GONE)
        else:
            self._count(_FAILED)

    def _count(self, status: int) -> None:
        if self._open:
            self._open = False
            took = perf_counter() - self._begun
            self._metrics.recorder.run("event", partial(self._record, status, took))

    def _record(self, status: int, took: float) -> None:
        if not self._scope.get(UNCOUNTED):
            self._metrics.http_request(self._method, self._route() or UNMATCHED, status, took)
