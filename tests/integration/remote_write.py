"""Just enough of Prometheus' remote write to store staleness markers, which text cannot carry."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from slo.model.samples import History, Series

RECEIVER = "--web.enable-remote-write-receiver"
_BATCH = 600_000
_LITERAL = 60_000
_HEADERS = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}


def remote_write(url: str, history: History) -> None:
    """Send all samples, ten minutes at a time: a server takes them in the order of time only."""
    for start in range(history.span.start, history.span.end, _BATCH):
        parts = (_time_series(one, start) for one in history.series)
        body = _snappy(b"".join(_field(1, part) for part in parts))
        with urlopen(Request(f"{url}/api/v1/write", data=body, headers=_HEADERS)) as answer:
            assert answer.status == 204


def _time_series(series: Series, start: int) -> bytes:
    labels = (_field(1, name.encode()) + _field(2, value.encode()) for name, value in series.labels)
    inside = (series.times >= start) & (series.times < start + _BATCH)
    bits: list[int] = series.values[inside].view("uint64").tolist()
    samples = (
        b"\x09" + struct.pack("<Q", value) + b"\x10" + _varint(time)
        for time, value in zip(series.times[inside].tolist(), bits, strict=True)
    )
    return b"".join(_field(1, one) for one in labels) + b"".join(_field(2, one) for one in samples)


def _field(number: int, payload: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _snappy(plain: bytes) -> bytes:
    """Snappy's block format with literals only."""
    pieces = (plain[i : i + _LITERAL] for i in range(0, len(plain), _LITERAL))
    literals = (bytes([61 << 2]) + struct.pack("<H", len(one) - 1) + one for one in pieces)
    return _varint(len(plain)) + b"".join(literals)
