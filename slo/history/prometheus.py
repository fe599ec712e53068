"""Raw samples from a real Prometheus: by remote read where it is served, else by its HTTP API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

import numpy as np

from slo.history.connection import Connections, PrometheusServer, server_version
from slo.history.http_api import read_http
from slo.history.remote_read import NotServed, read_remote, without_external_labels
from slo.model.samples import History, Series
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.model.samples import Times, Values
    from slo.model.selector import Labels, Selector

    Parts = dict[Labels, dict[int, tuple[Times, Values]]]

__all__ = ["PrometheusServer", "fetch_history", "server_version"]

_REMOTE_CHUNKS = 7
"""Compressed, so many times the history is no larger an answer."""

BY_REMOTE_READ, BY_HTTP = "remote read", "the HTTP API"


def fetch_history(
    server: PrometheusServer,
    selectors: Sequence[Selector],
    span: Span,
    advance: Callable[[int, int], None] | None = None,
) -> History:
    """Every raw sample of the selected series with ``span.start <= t < span.end``.

    By remote read samples come compressed, with staleness markers; by the HTTP API, which every
    compatible server has, without. The other samples are the same to the bit. The history's
    ``source`` says which way was taken. A selector without series is no error.

    Args:
        server: Where to ask.
        selectors: What to ask for; a series that several mean is there once.
        span: In Unix milliseconds.
        advance: Called with the requests done and all requests.

    Raises:
        ConfigError: An environment variable that the server names is not set.
        HistoryError: The server cannot be reached, refuses, or does not answer as Prometheus.

    """
    wanted = tuple(dict.fromkeys(selectors))
    with Connections(server) as connections:
        version = server_version(server)
        by = _chosen(connections, wanted, span)
        parts = _read(connections, wanted, span, by, advance)
        if by == BY_REMOTE_READ:
            parts = without_external_labels(connections, wanted, span, parts)
    shared: dict[bytes, Times] = {}
    series = tuple(_assembled(labels, pieces, shared) for labels, pieces in parts.items())
    return History(series, span, version, f"{server.shown_url} by {by}")


def _chosen(connections: Connections, selectors: Sequence[Selector], span: Span) -> str:
    """Remote read, if it is asked for, or if the server serves it."""
    asked = connections.server.read
    if asked == "http" or not selectors:
        return BY_HTTP
    try:
        read_remote(connections, selectors[0], Span(span.start, span.start + 1))
    except NotServed:
        if asked == "remote":
            raise
        return BY_HTTP
    return BY_REMOTE_READ


def _read(
    connections: Connections,
    selectors: Sequence[Selector],
    span: Span,
    by: str,
    advance: Callable[[int, int], None] | None,
) -> Parts:
    """Every selector's samples, by labels and by the piece's start."""
    server = connections.server
    read = read_remote if by == BY_REMOTE_READ else read_http
    length = server.chunk * (_REMOTE_CHUNKS if by == BY_REMOTE_READ else 1)
    asked = [(one, piece) for one in selectors for piece in _pieces(span, length)]
    parts: Parts = {}
    with ThreadPoolExecutor(server.parallel) as pool:
        waiting = {pool.submit(read, connections, *one): one[1] for one in asked}
        try:
            for done, future in enumerate(as_completed(waiting), start=1):
                for labels, samples in future.result():
                    parts.setdefault(labels, {})[waiting[future].start] = samples
                if advance:
                    advance(done, len(asked))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return parts


def _pieces(span: Span, chunk: int) -> list[Span]:
    starts = range(span.start, span.end, chunk)
    return [Span(start, min(start + chunk, span.end)) for start in starts]


def _assembled(
    labels: Labels, pieces: dict[int, tuple[Times, Values]], shared: dict[bytes, Times]
) -> Series:
    """A series of its pieces in the order of time; equal times are one array for the engine."""
    ordered = [pieces[start] for start in sorted(pieces)]
    times = np.concatenate([part[0] for part in ordered])
    values = np.concatenate([part[1] for part in ordered])
    return Series(labels, shared.setdefault(times.tobytes(), times), values)
