"""Raw samples by the HTTP API, through prometheus-api-client.

The client connects, authenticates and queries; samples are taken apart here: its own chunks hold
the samples at their borders twice, and its frames lose bits of the times. Staleness markers do
not travel over this interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from slo.errors import HistoryError
from slo.history.connection import refusal, unreachable
from slo.model.selector import labels_of

if TYPE_CHECKING:
    from slo.history.connection import Connections
    from slo.model.samples import Times, Values
    from slo.model.selector import Labels, Selector
    from slo.model.span import Span


def read_http(
    connections: Connections, selector: Selector, piece: Span
) -> list[tuple[Labels, tuple[Times, Values]]]:
    """One request: the window reaches one millisecond back, and what it holds too much is cut.

    Up to 2.x a window holds both of its ends, from 3.0 on only the right one; either way every
    sample of the piece is in it.
    """
    query = f"{selector}[{piece.length}ms]"
    at = f"{(piece.end - 1) / 1000:.3f}"
    rows = _ask(connections, query, at)
    found = []
    for row in rows:
        times = np.array([sample[0] for sample in row.get("values", ())], dtype=np.float64)
        values = np.array([sample[1] for sample in row.get("values", ())], dtype=np.float64)
        exact = np.rint(times * 1000).astype(np.int64)
        inside = (exact >= piece.start) & (exact < piece.end)
        if inside.any():
            found.append((labels_of(row["metric"]), (exact[inside], values[inside])))
    return found


def _ask(connections: Connections, query: str, at: str) -> list[dict[str, Any]]:
    import requests  # noqa: PLC0415  only where a server is asked
    from prometheus_api_client.exceptions import PrometheusApiClientException  # noqa: PLC0415

    server = connections.server
    try:
        rows: list[dict[str, Any]] = connections.mine.custom_query(query, params={"time": at})
    except requests.JSONDecodeError:
        raise HistoryError(
            f"{server.shown_url} does not answer as Prometheus does: found no JSON, "
            "expected the HTTP API; is the address right, and is there a login page before it?"
        ) from None
    except requests.RequestException as error:
        raise unreachable(server, error) from None
    except PrometheusApiClientException as error:
        raise refusal(server, str(error)) from None
    except (KeyError, TypeError):
        raise HistoryError(
            f"{server.shown_url} does not answer as Prometheus does: found JSON without data.result"
        ) from None
    return rows
