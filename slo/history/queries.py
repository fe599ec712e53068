"""What a Prometheus answers to expressions: at an instant, and over a stretch."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slo.errors import HistoryError
from slo.history.connection import refused, unreachable
from slo.model.samples import Series
from slo.model.selector import labels_of
from slo.model.span import to_datetime

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.history.connection import Connections
    from slo.model.grid import Grid

_REFUSED = (401, 403)
_MOST_POINTS = 11_000
"""Prometheus answers no query_range with more."""


class QueryRefused(HistoryError):  # noqa: N818  the field's word is the name
    """An expression that the server does not evaluate; the message is the server's own."""


@dataclass(frozen=True)
class Queries:
    """Asks one server.

    Attributes:
        connections: How it is reached.

    """

    connections: Connections

    def at(self, expression: str, instant: int) -> tuple[Series, ...]:
        """What an expression is at an instant: series of one sample each, in the server's order.

        Args:
            expression: PromQL.
            instant: Unix milliseconds.

        Raises:
            QueryRefused: The server does not evaluate it.
            HistoryError: The server cannot be reached, or refuses the credentials.

        """
        time = {"time": f"{instant / 1000:.3f}"}
        rows = self._ask(lambda: self.connections.mine.custom_query(expression, params=time))
        if rows and not isinstance(rows[0], dict):  # a scalar: an instant and a text
            rows = [{"metric": {}, "value": rows}]
        return tuple(_series(row["metric"], [row["value"]]) for row in rows if "value" in row)

    def over(self, expression: str, grid: Grid) -> tuple[Series, ...]:
        """What an expression is at every instant of a grid, in the server's order of series.

        Raises:
            QueryRefused: The server does not evaluate it.
            HistoryError: The server cannot be reached, or refuses the credentials.

        """
        if grid.size > _MOST_POINTS:
            raise QueryRefused(
                f"{grid.size:,} points are more than Prometheus gives at once ({_MOST_POINTS:,})"
            )
        start, end, step = to_datetime(grid.start), to_datetime(grid.end), f"{grid.step / 1000:.3f}"
        # The client rounds to seconds; these take the place of its own.
        exact = {"start": f"{grid.start / 1000:.3f}", "end": f"{grid.end / 1000:.3f}"}
        rows = self._ask(
            lambda: self.connections.mine.custom_query_range(
                expression, start, end, step, params=exact
            )
        )
        return tuple(_series(row["metric"], row.get("values", ())) for row in rows)

    def _ask(self, call: Callable[[], Any]) -> list[Any]:
        import requests  # noqa: PLC0415  only where a server is asked
        from prometheus_api_client.exceptions import (  # noqa: PLC0415
            PrometheusApiClientException,
        )

        server = self.connections.server
        try:
            rows: list[Any] = call()
        except PrometheusApiClientException as error:
            status, words = _answer(str(error))
            if status in _REFUSED:
                raise refused(server, status, "") from None
            raise QueryRefused(words) from None
        except requests.JSONDecodeError:
            raise HistoryError(
                f"{server.shown_url} does not answer as Prometheus does: found no JSON"
            ) from None
        except requests.RequestException as error:
            raise unreachable(server, error) from None
        except (KeyError, TypeError):
            raise HistoryError(
                f"{server.shown_url} does not answer as Prometheus does: found JSON without "
                "data.result"
            ) from None
        return rows


def _series(labels: dict[str, str], values: Any) -> Series:  # noqa: ANN401  pairs of JSON
    times = np.rint(np.array([pair[0] for pair in values], dtype=np.float64) * 1000)
    return Series(
        labels_of(labels),
        times.astype(np.int64),
        np.array([pair[1] for pair in values], dtype=np.float64),
    )


def _answer(text: str) -> tuple[int, str]:
    """Status and error of the client's text, which is ``HTTP Status Code 400 (b'{...}')``."""
    found = re.match(r"HTTP Status Code (\d+) \((.*)\)$", text, re.DOTALL)
    if not found:
        return 0, text
    status, body = int(found[1]), found[2]
    try:
        said = str(json.loads(ast.literal_eval(body))["error"])
        return status, said.removeprefix('invalid parameter "query": ')
    except (ValueError, SyntaxError, KeyError, TypeError):
        return status, f"HTTP {status}: {body[:300]}"
