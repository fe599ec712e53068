"""Records of people's files: rows of CSV or objects of JSON, each with the place it stands at."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from slo.errors import Fault, SpecError
from slo.model.span import Span, to_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

INSTANT = "a time with a zone, such as 2026-11-03T14:20:00Z"


@dataclass(frozen=True)
class Record:
    """One record of a file.

    Attributes:
        file: As the user named it.
        line: From 1; 0 where the file has no lines of its own, as in JSON.
        prefix: What stands before a field's name in messages, such as ``[3].``.
        values: By field.
        problem: What is wrong with the record as a whole.

    """

    file: str
    line: int
    prefix: str
    values: Mapping[str, Any] = field(repr=False)
    problem: Fault | None = None

    def text(self, name: str) -> str:
        """A field as text without surrounding blanks; empty where it is absent."""
        value = self.values.get(name)
        return "" if value is None else str(value).strip()

    def fault(self, name: str, found: str, expected: str) -> Fault:
        """Something that is wrong with a field."""
        return Fault(self.file, self.line, f"{self.prefix}{name}", found, expected)

    def missing(self, names: Iterable[str], what: str) -> list[Fault]:
        """A fault for each field that must not be empty and is."""
        return [
            self.fault(name, "nothing", f"the {what}'s {name}")
            for name in names
            if not self.text(name)
        ]

    def span(self, start: str, end: str, until: int | None = None) -> Span | list[Fault]:
        """The stretch between two fields, or what is wrong with it.

        Args:
            start: The field of the first instant.
            end: The field of the last.
            until: Where what has no end ends, in Unix milliseconds; it must have one if None.

        """
        faults = []
        instants: dict[str, int | None] = {}
        for name in (start, end):
            text = self.text(name)
            instants[name] = until if name == end and not text else instant(text)
            if instants[name] is None:
                faults.append(self.fault(name, repr(text) if text else "nothing", INSTANT))
        first, last = instants[start], instants[end]
        if first is None or last is None:
            return faults
        if self.text(end) and last <= first:
            expected = f"a time after the start, {self.text(start)}"
            return [self.fault(end, repr(self.text(end)), expected)]
        return Span(first, max(first + 1, last))


def instant(text: str) -> int | None:
    """Unix milliseconds, or None where the text is not a time with a zone."""
    try:
        return to_milliseconds(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Table:
    """A CSV file.

    Attributes:
        file: As the user named it.
        line: Where its header stands.
        header: The names of its columns.
        records: Its other rows, without blank ones.

    """

    file: str
    line: int
    header: tuple[str, ...]
    records: tuple[Record, ...]

    def refuse_columns(self, known: Sequence[str], required: Sequence[str]) -> None:
        """Check that columns are known, there, and there once.

        Raises:
            SpecError: Says each column that does not fit.

        """
        faults = list(self._column_faults(known, required))
        if faults:
            raise SpecError(faults)

    def _column_faults(self, known: Sequence[str], required: Sequence[str]) -> Iterator[Fault]:
        for name in self.header:
            if name not in known:
                nearest = get_close_matches(name.lower(), known, n=1)
                expected = f"{nearest[0]!r}" if nearest else f"one of {', '.join(known)}"
                yield Fault(self.file, self.line, "", f"the column {name!r}", expected)
        for name in known:
            count = self.header.count(name)
            if count > 1:
                yield Fault(self.file, self.line, name, f"the column {count} times", "it once")
            if count == 0 and name in required:
                expected = f"all of {', '.join(required)}"
                yield Fault(self.file, self.line, name, "no such column", expected)


def csv_table(path: Path, what: str, columns: Sequence[str]) -> Table:
    """A CSV file's header and records.

    Args:
        path: The file.
        what: What is expected in it, such as ``incidents``.
        columns: The columns that it might have, for the message where it is empty.

    Raises:
        SpecError: The file cannot be read, or is empty.

    """
    rows = list(_rows(path, what))
    if not rows:
        expected = f"the columns {', '.join(columns)}"
        raise SpecError([Fault(str(path), 1, "", "an empty file", expected)])
    (line, header), *body = rows
    records = tuple(_record(str(path), header, *row) for row in body)
    return Table(str(path), line, tuple(header), records)


def _record(file: str, header: list[str], line: int, cells: list[str]) -> Record:
    if len(cells) != len(header):
        expected = f"{len(header)}, as in the header"
        return Record(file, line, "", {}, Fault(file, line, "", f"{len(cells)} cells", expected))
    return Record(file, line, "", dict(zip(header, cells, strict=True)))


def _rows(path: Path, what: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line that it begins on."""
    line = 1
    try:
        # Spreadsheets put a byte order mark in front.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, [cell.strip() for cell in cells]
                line = reader.line_num + 1
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error, f"a CSV file of {what}") from None
    except csv.Error as error:
        raise SpecError([Fault(str(path), line, "", str(error), "a line of CSV")]) from None


def json_value(path: Path, what: str) -> Any:  # noqa: ANN401  whatever JSON can hold
    """What a JSON file holds.

    Raises:
        SpecError: The file cannot be read or is no JSON.

    """
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error, f"a JSON file of {what}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise SpecError([Fault(str(path), line, "", str(error), f"JSON of {what}")]) from None


def json_records(path: Path, values: Any, prefix: str = "") -> tuple[Record, ...]:  # noqa: ANN401
    """A record for each object of a JSON list.

    Raises:
        SpecError: It is no list of objects.

    """
    if not isinstance(values, list):
        raise SpecError([Fault(str(path), 0, prefix, "no list", "a list of objects")])
    faults = [
        Fault(str(path), 0, f"{prefix}[{index}]", f"{value!r:.80}", "an object")
        for index, value in enumerate(values)
        if not isinstance(value, dict)
    ]
    if faults:
        raise SpecError(faults)
    return tuple(
        Record(str(path), 0, f"{prefix}[{index}].", value) for index, value in enumerate(values)
    )


def unreadable(path: Path, error: Exception, expected: str) -> SpecError:
    """The error that says why a file cannot be read."""
    found = str(error)
    if isinstance(error, FileNotFoundError):
        found = "no such file"
    elif isinstance(error, OSError):
        found = error.strerror or found
    else:
        expected = "text in UTF-8"
    return SpecError([Fault(str(path), 0, "", found, expected)])
