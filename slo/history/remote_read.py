"""Raw samples by remote read: Prometheus' own compressed chunks, as they lie on its disk.

https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/. The request and the answer
are protocol buffers with half a dozen fields, written and read here; the chunks are decoded by
``slo.history._chunk_kernel``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from slo.errors import HistoryError
from slo.history.connection import refused, unreachable
from slo.model.samples import is_stale
from slo.model.selector import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from slo.history.connection import Connections
    from slo.model.samples import Times, Values
    from slo.model.selector import Labels, Selector
    from slo.model.span import Span

    Bytes = npt.NDArray[np.uint8]
    Parts = dict[Labels, dict[int, tuple[Times, Values]]]

S = TypeVar("S", bound=np.generic)

_OPS = {"=": 0, "!=": 1, "=~": 2, "!~": 3}
_STREAMED_XOR_CHUNKS = 1
_HEADERS = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Read-Version": "0.1.0",
}
_STREAMED = "application/x-streamed-protobuf"
_OK = 200
_CREDENTIALS = (401, 403)
_SMALLEST_CHUNK = 12
"""Bytes that a chunk's message takes at least, for room enough."""


class NotServed(HistoryError):  # noqa: N818  a fact rather than a mistake
    """The server does not serve remote read, or not in streamed chunks."""


def read_remote(
    connections: Connections, selector: Selector, piece: Span
) -> list[tuple[Labels, tuple[Times, Values]]]:
    """Every sample of the selected series in a piece, with the server's external labels.

    Raises:
        NotServed: The server does not serve it.
        HistoryError: It cannot be reached, refuses, or its answer is damaged.

    """
    body = np.frombuffer(_asked(connections, _request(selector, piece)), dtype=np.uint8)
    found = []
    for labels, times, values in _series(connections, body):
        # Chunks hold whatever was written together: more than was asked for.
        inside = (times >= piece.start) & (times < piece.end)
        if inside.any():
            found.append((labels, (times[inside], values[inside])))
    return found


def without_external_labels(
    connections: Connections, selectors: Sequence[Selector], span: Span, parts: Parts
) -> Parts:
    """The same samples under the labels that the server itself knows the series by.

    Remote read adds the server's external labels to every series; queries do not show them.
    """
    known: dict[str, set[Labels]] = {}
    for selector in selectors:
        for labels in _known_series(connections, selector, span):
            known.setdefault(dict(labels)["__name__"], set()).add(labels)
    own: Parts = {}
    for labels, pieces in parts.items():
        of_metric = known.get(dict(labels)["__name__"], set())
        own.setdefault(_own(labels, of_metric), {}).update(pieces)
    return own


def _own(labels: Labels, known: set[Labels]) -> Labels:
    if labels in known or not known:
        return labels
    within = [one for one in known if set(one) <= set(labels)]
    return max(within, key=len, default=labels)


def _known_series(connections: Connections, selector: Selector, span: Span) -> Iterator[Labels]:
    import requests  # noqa: PLC0415  only where a server is asked

    client, server = connections.mine, connections.server
    asked = {"match[]": str(selector), "start": span.start / 1000, "end": span.end / 1000}
    try:
        answer = client._session.get(  # noqa: SLF001  the client has no call for this
            f"{client.url}/api/v1/series",
            params=asked,
            headers=client.headers,
            auth=client.auth,
            timeout=server.timeout,
        )
        rows = answer.json().get("data", []) if answer.status_code == _OK else []
    except requests.JSONDecodeError:
        rows = []
    except requests.RequestException as error:
        raise unreachable(server, error) from None
    return (labels_of(row) for row in rows)


def _asked(connections: Connections, request: bytes) -> bytes:
    import requests  # noqa: PLC0415  as above

    client, server = connections.mine, connections.server
    try:
        answer = client._session.post(  # noqa: SLF001  as above
            f"{client.url}/api/v1/read",
            data=_as_snappy(request),
            headers={**client.headers, **_HEADERS},
            auth=client.auth,
            timeout=server.timeout,
        )
        content: bytes = answer.content
    except requests.RequestException as error:
        raise unreachable(server, error) from None
    if answer.status_code in _CREDENTIALS:
        raise refused(server, answer.status_code, "")
    streamed = answer.headers.get("Content-Type", "").startswith(_STREAMED)
    if answer.status_code != _OK or not streamed:
        raise NotServed(
            f"{server.shown_url} does not serve remote read in streamed chunks (HTTP "
            f'{answer.status_code}): set read = "http" in [prometheus]'
        )
    return content


def _series(connections: Connections, body: Bytes) -> Iterator[tuple[Labels, Times, Values]]:
    """Labels and samples of every series in an answer, chunks in the order of time."""
    from slo.history import _chunk_kernel as kernel  # noqa: PLC0415  numba takes time to load

    if not body.size:
        return
    most = body.size // _SMALLEST_CHUNK + 1
    messages, chunks = np.empty((most, 2), np.int64), np.empty((most, 3), np.int64)
    found, count = kernel.index(body, messages, chunks)
    if found == kernel.OTHER_ENCODING:
        raise NotServed("the answer holds native histograms, which are not read in chunks")
    if found < 0:
        raise _damaged(connections)
    chunks = chunks[:count]
    sizes = (body[chunks[:, 1]].astype(np.int64) << 8) | body[chunks[:, 1] + 1]
    times, bits = np.empty(sizes.sum(), np.int64), np.empty(sizes.sum(), np.uint64)
    if not kernel.decode(body, chunks, times, bits):
        raise _damaged(connections)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    first = np.searchsorted(chunks[:, 0], np.arange(found + 1))
    by_labels: dict[Labels, list[slice]] = {}
    for number in range(found):
        labels = _labels(body[messages[number, 0] : messages[number, 1]].tobytes())
        own = slice(int(ends[first[number]]), int(ends[first[number + 1]]))
        by_labels.setdefault(labels, []).append(own)
    values = bits.view(np.float64)
    # What is no number has many bit patterns; only the markers' own says anything.
    values[np.isnan(values) & ~is_stale(values)] = np.nan
    for labels, stretches in by_labels.items():
        yield labels, _joined(times, stretches), _joined(values, stretches)


def _joined(samples: npt.NDArray[S], stretches: list[slice]) -> npt.NDArray[S]:
    if len(stretches) == 1:
        return samples[stretches[0]]
    return np.concatenate([samples[own] for own in stretches])


def _damaged(connections: Connections) -> HistoryError:
    return HistoryError(
        f"{connections.server.shown_url} sent samples that are cut off or damaged; ask again, or "
        'set read = "http" in [prometheus]'
    )


def _labels(message: bytes) -> Labels:
    """The labels of a series' message: field 1, each with name (1) and value (2)."""
    pairs = (dict(_fields(label)) for number, label in _fields(message) if number == 1)
    return labels_of({pair[1].decode(): pair.get(2, b"").decode() for pair in pairs})


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and payload of the fields of a message, all of which hold bytes."""
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        length, at = _read_varint(message, at)
        yield key >> 3, message[at : at + length]
        at += length


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:  # noqa: PLR2004  the last byte has no high bit
            return value, at
        shift += 7


def _request(selector: Selector, piece: Span) -> bytes:
    """A ReadRequest with one query, to be answered in streamed chunks."""
    matchers = b"".join(
        _field(3, _number(1, _OPS[m.op]) + _field(2, m.name.encode()) + _field(3, m.value.encode()))
        for m in selector.matchers
    )
    query = _number(1, piece.start) + _number(2, piece.end - 1) + matchers
    return _field(1, query) + _number(2, _STREAMED_XOR_CHUNKS)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, payload: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    rest = value & (1 << 64) - 1
    out = bytearray()
    while rest > 127:  # noqa: PLR2004  seven bits a byte
        out.append(rest & 127 | 128)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def _as_snappy(content: bytes) -> bytes:
    """Bytes in snappy's block format, as they are: a literal saves a library for a few bytes.

    https://github.com/google/snappy/blob/main/format_description.txt
    """
    length = len(content) - 1
    tag = bytes([62 << 2]) + length.to_bytes(3, "little")
    return _varint(len(content)) + tag + content
