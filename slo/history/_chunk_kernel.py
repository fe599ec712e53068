"""numba kernels: frames of Prometheus' streamed remote read, and the XOR chunks within them.

https://github.com/prometheus/prometheus/blob/main/prompb/remote.proto (ChunkedReadResponse),
https://github.com/prometheus/prometheus/blob/main/tsdb/docs/format/chunks.md (XOR chunk data).
"""

from __future__ import annotations

import numpy as np

from slo.kernel import kernel

XOR = 1
"""The only encoding of chunks that is read; others are native histograms."""

_FIELD, _WIRE = 3, 7
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def _crc_table():
    """CRC-32C, Castagnoli's polynomial, a byte at a time."""
    table = np.zeros(256, np.uint32)
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
        table[byte] = crc
    return table


_CRC = _crc_table()


@kernel(nogil=True)
def checksum(buffer, start, end):
    """CRC-32C of some bytes."""
    crc = np.uint32(0xFFFFFFFF)
    for i in range(start, end):
        crc = _CRC[(crc ^ buffer[i]) & np.uint32(255)] ^ (crc >> np.uint32(8))
    return crc ^ np.uint32(0xFFFFFFFF)


@kernel(nogil=True)
def _varint(buffer, at, end):
    """A number and where it ends; -1 where the bytes end first."""
    value, shift = np.uint64(0), np.uint64(0)
    while at < end:
        byte = np.uint64(buffer[at])
        at += 1
        value |= (byte & np.uint64(127)) << shift
        if byte < 128:
            return np.int64(value), at
        shift += np.uint64(7)
    return np.int64(0), -1


@kernel(nogil=True)
def _field(buffer, at, end):
    """A field's number, the bounds of its payload, and its value if it is a number."""
    key, at = _varint(buffer, at, end)
    if at < 0:
        return np.int64(0), np.int64(-1), np.int64(-1), np.int64(0)
    number, wire, value = key >> _FIELD, key & _WIRE, np.int64(0)
    start = stop = np.int64(-1)
    if wire == _VARINT:
        value, stop = _varint(buffer, at, end)
        start = at
    elif wire == _BYTES:
        length, start = _varint(buffer, at, end)
        stop = start + length if start >= 0 and length >= 0 else np.int64(-1)
    elif wire == _FIXED64:
        start, stop = at, at + 8
    elif wire == _FIXED32:
        start, stop = at, at + 4
    if stop > end:
        stop = np.int64(-1)
    return number, start, stop, value


BROKEN, DAMAGED, OTHER_ENCODING = -1, -2, -3


@kernel(nogil=True)
def index(buffer, series, chunks):
    """Where series' messages and their chunks stand in an answer's frames.

    Writes (start, end) of each series' message and (series, start, end) of each chunk's bytes.
    Returns the number of series and of chunks, or twice what is wrong: bytes that end too soon, a
    checksum that does not fit, a chunk of another encoding.
    """
    at, found, count = np.int64(0), 0, 0
    while at < buffer.size:
        length, at = _varint(buffer, at, buffer.size)
        if at < 0 or length < 0 or at + 4 + length > buffer.size:
            return BROKEN, BROKEN
        crc = np.uint32(0)
        for i in range(4):
            crc = (crc << np.uint32(8)) | np.uint32(buffer[at + i])
        at += 4
        frame_end = at + length
        if checksum(buffer, at, frame_end) != crc:
            return DAMAGED, DAMAGED
        while at < frame_end:
            number, start, stop, _ = _field(buffer, at, frame_end)
            if stop < 0:
                return BROKEN, BROKEN
            at = stop
            if number != 1:
                continue
            series[found, 0], series[found, 1] = start, stop
            inner = start
            while inner < stop:
                number, begin, finish, _ = _field(buffer, inner, stop)
                if finish < 0:
                    return BROKEN, BROKEN
                inner = finish
                if number != 2:
                    continue
                place, encoding = begin, np.int64(0)
                data_start = data_stop = np.int64(0)
                while place < finish:
                    number, first, last, value = _field(buffer, place, finish)
                    if last < 0:
                        return BROKEN, BROKEN
                    place = last
                    if number == 3:
                        encoding = value
                    elif number == 4:
                        data_start, data_stop = first, last
                if encoding != XOR:
                    return OTHER_ENCODING, OTHER_ENCODING
                chunks[count, 0], chunks[count, 1], chunks[count, 2] = found, data_start, data_stop
                count += 1
            found += 1
    return found, count


@kernel(nogil=True)
def decode(buffer, chunks, times, bits):
    """Write every chunk's samples, one chunk after the other; False where one ends too soon."""
    at = 0
    for c in range(chunks.shape[0]):
        at = _decode_chunk(buffer, chunks[c, 1], chunks[c, 2], times, bits, at)
        if at < 0:
            return False
    return True


@kernel(nogil=True)
def _bits(buffer, place, end, held, left, need):
    """The next bits as a number, and where reading goes on; the place is -1 where bytes lack.

    ``held`` is the byte being read, of which ``left`` bits are.
    """
    read = np.uint64(0)
    while need > 0:
        if left == 0:
            if place >= end:
                return read, np.int64(-1), held, left
            held, left, place = np.uint64(buffer[place]), np.int64(8), place + 1
        some = min(left, need)
        mask = (np.uint64(1) << np.uint64(some)) - np.uint64(1)
        read = (read << np.uint64(some)) | ((held >> np.uint64(left - some)) & mask)
        left -= some
        need -= some
    return read, place, held, left


_WIDTHS = np.array([0, 14, 17, 20, 64], np.int64)
"""Bits of a difference of differences, by the number of ones before it."""


@kernel(nogil=True)
def _second_difference(buffer, place, end, held, left):
    """By how much the distance to the next sample changes."""
    size = np.int64(0)
    while size < 4:
        bit, place, held, left = _bits(buffer, place, end, held, left, np.int64(1))
        if place < 0 or not bit:
            break
        size += 1
    if place < 0 or size == 0:
        return np.int64(0), place, held, left
    width = _WIDTHS[size]
    read, place, held, left = _bits(buffer, place, end, held, left, width)
    change = np.int64(read)
    if width < 64 and change > (np.int64(1) << (width - 1)):
        change -= np.int64(1) << width
    return change, place, held, left


@kernel(nogil=True)
def _decode_chunk(buffer, start, end, times, bits, at):
    """Write one chunk's samples from ``at`` on; returns where they end, -1 where bytes lack.

    Gorilla's compression: the first time and value as they are, the second time as a difference,
    every later time as the difference of differences in 0, 14, 17, 20 or 64 bits, every later
    value as the bits in which it differs.
    """
    if end - start < 2:
        return -1
    count = (np.int64(buffer[start]) << 8) | np.int64(buffer[start + 1])
    if count == 0:
        return at
    coded, place = _varint(buffer, start + 2, end)
    if place < 0 or place + 8 > end:
        return -1
    time = (coded >> 1) ^ -(coded & 1)
    value = np.uint64(0)
    for i in range(8):
        value = (value << np.uint64(8)) | np.uint64(buffer[place + i])
    place += 8
    times[at], bits[at] = time, value
    at += 1
    if count == 1:
        return at
    delta, place = _varint(buffer, place, end)
    held, left = np.uint64(0), np.int64(0)
    leading = trailing = np.int64(0)
    for sample in range(1, count):
        if sample > 1:
            change, place, held, left = _second_difference(buffer, place, end, held, left)
            delta += change
        time += delta
        if place < 0:
            return -1
        differs, place, held, left = _bits(buffer, place, end, held, left, np.int64(1))
        if differs and place >= 0:
            anew, place, held, left = _bits(buffer, place, end, held, left, np.int64(1))
            if anew and place >= 0:
                window, place, held, left = _bits(buffer, place, end, held, left, np.int64(11))
                leading, meaning = np.int64(window) >> 6, np.int64(window) & 63
                trailing = 64 - leading - (meaning or np.int64(64))
            if place < 0 or trailing < 0:
                return -1
            need = 64 - leading - trailing
            changed, place, held, left = _bits(buffer, place, end, held, left, need)
            value ^= changed << np.uint64(trailing)
        if place < 0:
            return -1
        times[at], bits[at] = time, value
        at += 1
    return at
