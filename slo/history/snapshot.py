"""Snapshots: raw samples in one Parquet file, read back to the same bits.

Each distinct array of times is a row group of its own, stored once however many series share it;
so are the values of each series. Whole numbers, which most counters are, are stored as integers'
differences, all else as floats split into byte streams, both compressed by zstd. An index in the
file's metadata says which row group holds what; only those of the series asked for are read.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from slo.atomic import replacing
from slo.errors import HistoryError
from slo.model.samples import History, Series, Times, Values
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from slo.model.selector import Labels, Selector

FORMAT = 1
"""The version of the format that is written and read here."""

_INDEX, _DIGEST = b"slobook.index", b"slobook.index.blake2b"
_TIME, _WHOLE, _REAL = "time", "whole", "real"
_SCHEMA = pa.schema([(_TIME, pa.int64()), (_WHOLE, pa.int64()), (_REAL, pa.float64())])
_ENCODINGS = {
    _TIME: "DELTA_BINARY_PACKED",
    _WHOLE: "DELTA_BINARY_PACKED",
    _REAL: "BYTE_STREAM_SPLIT",
}
_LARGEST_WHOLE = 2.0**53
"""Up to here every whole number is a float."""

_Arrays = dict[int, Any]
"""Arrays by row group: int64 times, float64 values."""

_THREADS = 2
_EXPECTED = "expected a snapshot that 'slo snapshot' or 'slo simulate' wrote"


def write_snapshot(history: History, path: Path) -> None:
    """Write a history as a snapshot, as a whole or not at all.

    Raises:
        HistoryError: The file cannot be written.

    """
    # Statistics and dictionaries would cost time and space and answer no question of ours.
    with (
        replacing(path) as unfinished,
        pq.ParquetWriter(
            unfinished,
            _SCHEMA,
            compression="zstd",
            compression_level=3,
            use_dictionary=False,
            write_statistics=False,
            column_encoding=_ENCODINGS,
            write_page_checksum=True,
            store_schema=False,
        ) as writer,
    ):
        index = _write_arrays(history, writer).to_json().encode()
        writer.add_key_value_metadata({_INDEX: index, _DIGEST: _digest(index)})


def read_snapshot(path: Path, selectors: Sequence[Selector] | None = None) -> History:
    """Read a snapshot, or only the series that any of some selectors means.

    Series that were scraped together share one array of times, as they did when written.

    Raises:
        HistoryError: The file is missing, damaged, no snapshot, or of a newer format.

    """
    try:
        metadata = pq.read_metadata(path)
        index = _read_index(metadata)
        entries = [entry for entry in index.entries if entry.selected(selectors)]
        arrays = _read_arrays(path, metadata, index, entries)
        series = tuple(_series(entry, arrays) for entry in entries)
        return History(series, index.span, index.server_version, index.source)
    except FileNotFoundError:
        raise HistoryError(f"{path}: found no such file, {_EXPECTED}") from None
    except HistoryError as error:
        raise HistoryError(f"{path}: {error}, {_EXPECTED}") from None
    # Damage shows in as many ways as there are layers in the file.
    except (pa.ArrowException, OSError, ValueError, TypeError, LookupError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise HistoryError(f"{path}: found no Parquet, or damage ({reason}), {_EXPECTED}") from None


@dataclass(frozen=True)
class _Entry:
    """A series and the row groups that hold it; None where it has no samples."""

    labels: Labels
    times: int | None
    values: int | None

    def selected(self, selectors: Sequence[Selector] | None) -> bool:
        return selectors is None or any(one.matches(self.labels) for one in selectors)


@dataclass(frozen=True)
class _Index:
    """What a snapshot holds, and the column that each of its row groups fills."""

    span: Span
    server_version: str
    source: str
    columns: tuple[str, ...]
    entries: tuple[_Entry, ...]

    def to_json(self) -> str:
        content = {
            "format": FORMAT,
            "span": [self.span.start, self.span.end],
            "server_version": self.server_version,
            "source": self.source,
            "columns": self.columns,
            "series": [[dict(e.labels), e.times, e.values] for e in self.entries],
        }
        return json.dumps(content, separators=(",", ":"))

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> _Index:
        return cls(
            span=Span(*content["span"]),
            server_version=content["server_version"],
            source=content["source"],
            columns=tuple(content["columns"]),
            entries=tuple(
                _Entry(tuple(labels.items()), times, values)
                for labels, times, values in content["series"]
            ),
        )


def _write_arrays(history: History, writer: pq.ParquetWriter) -> _Index:
    columns: list[str] = []

    def written(column: str, array: Times | Values) -> int | None:
        if not array.size:
            return None
        _write_row_group(writer, column, array)
        columns.append(column)
        return len(columns) - 1

    known: dict[bytes, int | None] = {}
    entries = []
    for series in history.series:
        content = hashlib.blake2b(series.times.tobytes()).digest()
        if content not in known:
            known[content] = written(_TIME, series.times)
        whole = _whole(series.values)
        values = written(_REAL, series.values) if whole is None else written(_WHOLE, whole)
        entries.append(_Entry(series.labels, known[content], values))
    return _Index(
        history.span, history.server_version, history.source, tuple(columns), tuple(entries)
    )


def _write_row_group(writer: pq.ParquetWriter, column: str, array: Times | Values) -> None:
    filled = [
        pa.array(array) if field.name == column else pa.nulls(array.size, field.type)
        for field in _SCHEMA
    ]
    writer.write_table(pa.table(filled, schema=_SCHEMA), row_group_size=array.size)


def _whole(values: Values) -> Times | None:
    """The same numbers as integers where each float comes back bit for bit, else None."""
    with np.errstate(invalid="ignore"):  # staleness markers are signalling NaNs
        if not bool(np.all(np.abs(values) <= _LARGEST_WHOLE)):
            return None
    whole = values.astype(np.int64)
    same = whole.astype(np.float64).view(np.uint64) == values.view(np.uint64)
    return whole if bool(np.all(same)) else None  # -0.0 comes back as 0.0


def _read_index(metadata: pq.FileMetaData) -> _Index:
    found = metadata.metadata or {}
    if _INDEX not in found:
        raise HistoryError("found Parquet without slobook's index")
    if _digest(found[_INDEX]) != found.get(_DIGEST):
        raise HistoryError("found a damaged index")
    content = json.loads(found[_INDEX])
    if content["format"] != FORMAT:
        newer = f"format {content['format']}, written by another version of slobook"
        raise HistoryError(f"found {newer} (this one reads format {FORMAT})")
    return _Index.from_json(content)


def _digest(index: bytes) -> bytes:
    return hashlib.blake2b(index, digest_size=16).hexdigest().encode()


def _read_arrays(
    path: Path, metadata: pq.FileMetaData, index: _Index, entries: Iterable[_Entry]
) -> _Arrays:
    """The arrays of some series, each read once."""
    groups = sorted({g for e in entries for g in (e.times, e.values) if g is not None})
    shares = [groups[first::_THREADS] for first in range(_THREADS)]
    arrays: _Arrays = {}
    with ThreadPoolExecutor(_THREADS) as pool:
        for part in pool.map(lambda share: _read_row_groups(path, metadata, index, share), shares):
            arrays |= part
    return arrays


def _read_row_groups(
    path: Path, metadata: pq.FileMetaData, index: _Index, groups: Iterable[int]
) -> _Arrays:
    arrays: _Arrays = {}
    # A file of its own for each thread: pyarrow's are not for sharing.
    with pq.ParquetFile(
        path, metadata=metadata, memory_map=True, page_checksum_verification=True
    ) as file:
        for group in groups:
            column = index.columns[group]
            chunks = file.read_row_group(group, columns=[column], use_threads=False)[0].chunks
            # The copy may be written to, as any history may: numba compiles its kernels a second
            # time for arrays that may not.
            parts = [_buffer(chunk) for chunk in chunks]
            dtype = np.int64 if column == _TIME else np.float64
            arrays[group] = np.concatenate(parts, dtype=dtype, casting="unsafe")
    return arrays


def _buffer(chunk: pa.Array) -> Times | Values:
    """A chunk's numbers where they lie; its ``to_numpy()`` would load pandas for them."""
    if chunk.null_count:
        raise HistoryError("found absent samples")
    _, numbers = chunk.buffers()
    if pa.types.is_floating(chunk.type):
        return np.frombuffer(numbers, np.float64, len(chunk), 8 * chunk.offset)
    return np.frombuffer(numbers, np.int64, len(chunk), 8 * chunk.offset)


def _series(entry: _Entry, arrays: _Arrays) -> Series:
    if entry.times is None or entry.values is None:
        return Series(entry.labels, np.empty(0, np.int64), np.empty(0, np.float64))
    return Series(entry.labels, arrays[entry.times], arrays[entry.values])
