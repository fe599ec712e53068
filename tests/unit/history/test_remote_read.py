"""Remote read's frames and chunks, written the slow obvious way; answers that are broken."""

import struct
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.errors import HistoryError
from slo.history import _chunk_kernel as kernel
from slo.history.connection import Connections
from slo.history.prometheus import PrometheusServer, fetch_history
from slo.history.remote_read import NotServed, _as_snappy, read_remote
from slo.model.span import Span
from slo.promql import counter_selector

SPAN = Span(1_790_000_000_000, 1_790_003_600_000)
SELECTOR = counter_selector("x_total")


def varint(value):
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def message(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def crc32c(content):
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def xor_chunk(times, bits):
    """A chunk as Prometheus writes it, bit by bit in text."""
    zigzag = (times[0] << 1) ^ (times[0] >> 63)
    head = struct.pack(">H", len(times)) + varint(zigzag) + struct.pack(">Q", bits[0])
    if len(times) == 1:
        return head
    head += varint(times[1] - times[0])
    text, leading, trailing = "", None, 0
    for i in range(1, len(times)):
        if i > 1:
            change = times[i] - 2 * times[i - 1] + times[i - 2]
            for prefix, width in (("0", 0), ("10", 14), ("110", 17), ("1110", 20), ("1111", 64)):
                low, high = -(1 << width - 1) + 1 if width else 0, 1 << width - 1 if width else 0
                if low <= change <= high or width == 64:
                    text += prefix
                    text += format(change & (1 << width) - 1, f"0{width}b") if width else ""
                    break
        differs = bits[i] ^ bits[i - 1]
        if not differs:
            text += "0"
            continue
        zeros = min(64 - differs.bit_length(), 31)
        tail = (differs & -differs).bit_length() - 1
        if leading is not None and zeros >= leading and tail >= trailing:
            text += "10" + format(differs >> trailing, f"0{64 - leading - trailing}b")
            continue
        leading, trailing = zeros, tail
        meaning = 64 - leading - trailing
        text += "11" + format(leading, "05b") + format(meaning & 63, "06b")
        text += format(differs >> trailing, f"0{meaning}b")
    text += "0" * (-len(text) % 8)
    return head + bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))


def chunked_series(labels, *chunks, encoding=1):
    content = b"".join(
        message(1, message(1, name.encode()) + message(2, value.encode()))
        for name, value in labels.items()
    )
    for chunk in chunks:
        fields = varint(1 << 3) + varint(0) + varint(3 << 3) + varint(encoding)
        content += message(2, fields + message(4, chunk))
    return message(1, content)


def frame(*series):
    content = b"".join(series) + varint(2 << 3) + varint(0)
    return varint(len(content)) + struct.pack(">I", crc32c(content)) + content


steps = st.lists(
    st.one_of(
        st.sampled_from([15_000, 15_001, 14_999]),
        st.integers(1, 70_000),
        st.integers(1, 3_000_000),
        st.integers(1, 1 << 40),
    ),
    max_size=60,
)
values = st.one_of(
    st.integers(0, 1000).map(float), st.floats(width=64), st.sampled_from([0.0, -0.0, np.inf])
)


@settings(max_examples=150, deadline=None)
@given(st.integers(-(1 << 41), 1 << 41), steps, st.data())
def test_a_chunk_decodes_to_the_same_bits(start, deltas, data):
    times = np.cumsum([start, *deltas]).tolist()
    floats = data.draw(st.lists(values, min_size=len(times), max_size=len(times)))
    bits = [struct.unpack(">Q", struct.pack(">d", value))[0] for value in floats]
    chunk = np.frombuffer(xor_chunk(times, bits), np.uint8)
    found, read = np.empty(len(times), np.int64), np.empty(len(times), np.uint64)
    assert kernel.decode(chunk, np.array([[0, 0, chunk.size]]), found, read)
    assert found.tolist() == times
    assert read.tolist() == bits


@given(st.binary(max_size=200))
def test_checksums_are_those_of_castagnoli(content):
    assert kernel.checksum(np.frombuffer(content, np.uint8), 0, len(content)) == crc32c(content)


def test_the_checksum_of_the_standards_example():
    assert kernel.checksum(np.frombuffer(b"123456789", np.uint8), 0, 9) == 0xE3069283


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_bytes_that_are_cut_or_changed_are_never_read_as_samples(data):
    """Whatever arrives, the kernel says so, or says what was sent."""
    times = list(range(SPAN.start, SPAN.start + 50 * 15_000, 15_000))
    sent = frame(chunked_series({"a": "b"}, xor_chunk(times, list(range(50)))))
    at = data.draw(st.integers(0, len(sent) - 1))
    changed = bytearray(sent)
    if data.draw(st.booleans()):
        changed = changed[:at]
    else:
        changed[at] ^= data.draw(st.integers(1, 255))
    buffer = np.frombuffer(bytes(changed), np.uint8)
    series, chunks = np.empty((99, 2), np.int64), np.empty((99, 3), np.int64)
    found, count = kernel.index(buffer, series, chunks)
    assert found < 0 or (found, count) == (0, 0)


class Stand:
    """A server whose answer to remote read a test decides; others are empty."""

    def __init__(self):
        self.status, self.body, self.kind = 200, b"", "application/x-streamed-protobuf; proto=x"
        self.series = []
        self.asked = []
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                stand.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.reply(stand.status, stand.body, stand.kind)

            def do_GET(self):
                import json

                data = {"version": "2.42.0"} if "buildinfo" in self.path else []
                if self.path.startswith("/api/v1/series"):
                    data = stand.series
                if self.path.startswith("/api/v1/query?"):
                    data = {"resultType": "matrix", "result": []}
                body = json.dumps({"status": "success", "data": data}).encode()
                self.reply(200, body, "application/json")

            def reply(self, status, body, kind):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def stand():
    made = Stand()
    with ExitStack() as made.opened:
        yield made
    made.server.shutdown()
    made.server.server_close()


def connections(stand, **fields):
    made = Connections(PrometheusServer(stand.url, retries=0, **fields))
    return stand.opened.enter_context(made)


def samples(first, count):
    times = [first + i * 15_000 for i in range(count)]
    return times, [struct.unpack(">Q", struct.pack(">d", float(i)))[0] for i in range(count)]


def test_a_series_in_several_chunks_and_frames_is_one_and_what_was_not_asked_for_is_cut(stand):
    labels = {"__name__": "x_total", "pod": "a"}
    early, late = samples(SPAN.start - 60_000, 10), samples(SPAN.start + 90_000, 5)
    other = samples(SPAN.start, 3)
    stand.body = (
        frame(chunked_series(labels, xor_chunk(*early)))
        + frame(chunked_series(labels, xor_chunk(*late)))
        + frame(chunked_series({**labels, "pod": "b"}, xor_chunk(*other)))
    )
    found = dict(read_remote(connections(stand), SELECTOR, SPAN))
    times, read = found[("__name__", "x_total"), ("pod", "a")]
    assert times.tolist() == early[0][4:] + late[0]
    assert read.tolist() == [4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4]
    assert len(found) == 2


def test_external_labels_are_not_the_series_own(stand):
    stand.body = frame(
        chunked_series(
            {"__name__": "x_total", "cluster": "eu", "pod": "a"}, xor_chunk(*samples(SPAN.start, 3))
        ),
        chunked_series(
            {"__name__": "x_total", "cluster": "own", "pod": "b"},
            xor_chunk(*samples(SPAN.start, 3)),
        ),
    )
    stand.series = [
        {"__name__": "x_total", "pod": "a"},
        {"__name__": "x_total", "cluster": "own", "pod": "b"},
    ]
    history = fetch_history(PrometheusServer(stand.url), [SELECTOR], SPAN)
    assert [dict(series.labels) for series in history.series] == [
        {"__name__": "x_total", "cluster": "own", "pod": "b"},
        {"__name__": "x_total", "pod": "a"},
    ]
    assert history.source.endswith(" by remote read")


def test_the_request_is_a_literal_in_snappys_format():
    content = bytes(range(256)) * 3
    packed = _as_snappy(content)
    assert packed == varint(768) + bytes([0xF8, 0xFF, 0x02, 0x00]) + content


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_a_server_without_remote_read_is_asked_by_the_http_api(stand, status):
    stand.status, stand.kind = status, "text/plain"
    history = fetch_history(PrometheusServer(stand.url, retries=0), [SELECTOR], SPAN)
    assert history.source.endswith(" by the HTTP API")
    with pytest.raises(NotServed, match=f"HTTP {status}.*set read"):
        fetch_history(PrometheusServer(stand.url, retries=0, read="remote"), [SELECTOR], SPAN)


def test_an_answer_in_whole_samples_is_not_taken_for_chunks(stand):
    stand.kind = "application/x-protobuf"
    assert fetch_history(PrometheusServer(stand.url), [SELECTOR], SPAN).source.endswith("HTTP API")


def test_who_asks_for_http_is_not_asked_by_remote_read(stand):
    fetch_history(PrometheusServer(stand.url, read="http"), [SELECTOR], SPAN)
    assert stand.asked == []


def test_native_histograms_are_not_read_in_chunks(stand):
    chunk = xor_chunk(*samples(SPAN.start, 3))
    stand.body = frame(chunked_series({"__name__": "x_total"}, chunk, encoding=2))
    with pytest.raises(NotServed, match="native histograms"):
        read_remote(connections(stand), SELECTOR, SPAN)


def test_refused_credentials_are_no_reason_for_another_way(stand):
    stand.status = 401
    with pytest.raises(HistoryError, match="refused the credentials"):
        fetch_history(PrometheusServer(stand.url, retries=0), [SELECTOR], SPAN)


def test_an_answer_that_is_cut_off_is_damaged(stand):
    whole = frame(chunked_series({"__name__": "x_total"}, xor_chunk(*samples(SPAN.start, 30))))
    for body in (whole[:-5], whole[:10] + bytes([whole[10] ^ 1]) + whole[11:]):
        stand.body = body
        with pytest.raises(HistoryError, match="cut off or damaged"):
            read_remote(connections(stand), SELECTOR, SPAN)
