"""Labelled incidents as CSV, one a line, for people and spreadsheets.

    id,service,slo,start,end,kind,source,notes
    INC-7,support-agent,llm-call-success ticket-success,2026-11-03T14:20:00Z,...

Times are ISO 8601 with a zone; ``slo`` holds names with a space between, or nothing for every
objective of the service. The columns ``service``, ``slo``, ``source`` and ``notes`` may be left
out, and columns may stand in any order.
"""

from __future__ import annotations

import csv
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from slo.atomic import replacing
from slo.errors import Fault, SpecError
from slo.model.incident import Incident
from slo.model.span import Span, to_datetime, to_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

COLUMNS = ("id", "service", "slo", "start", "end", "kind", "source", "notes")
_REQUIRED = ("id", "start", "end", "kind")
_INSTANT = "a time with a zone, such as 2026-11-03T14:20:00Z"


def read_incidents(path: Path) -> tuple[Incident, ...]:
    """The incidents of a CSV file, in the file's order.

    Raises:
        SpecError: The file cannot be read, or holds faults; says line and column of each.

    """
    rows = _rows(path)
    if not rows:
        raise SpecError(
            [Fault(str(path), 1, "", "an empty file", f"the columns {_listed(COLUMNS)}")]
        )
    header, *body = rows
    faults = list(_header_faults(path, header))
    if faults:
        raise SpecError(faults)
    incidents: list[Incident] = []
    lines: dict[str, int] = {}
    for row in body:
        found = _incident(path, header, row)
        if isinstance(found, Incident) and found.name in lines:
            expected = f"a name of its own; line {lines[found.name]} has it already"
            found = [Fault(str(path), row.line, "id", repr(found.name), expected)]
        if isinstance(found, Incident):
            lines[found.name] = row.line
            incidents.append(found)
        else:
            faults += found
    if faults:
        raise SpecError(faults)
    return tuple(incidents)


def write_incidents(incidents: Iterable[Incident], path: Path) -> None:
    """Write incidents as CSV, in the order given.

    Raises:
        HistoryError: The file cannot be written.

    """
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(incident) for incident in incidents)


class _Row(NamedTuple):
    line: int
    cells: list[str]


def _rows(path: Path) -> list[_Row]:
    """The rows that are not blank, each with the line that it begins on."""
    rows = []
    line = 1
    try:
        # Spreadsheets put a byte order mark in front.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    rows.append(_Row(line, [cell.strip() for cell in cells]))
                line = reader.line_num + 1
    except FileNotFoundError:
        expected = "a CSV file of incidents"
        raise SpecError([Fault(str(path), 0, "", "no such file", expected)]) from None
    except OSError as error:
        found = error.strerror or str(error)
        raise SpecError([Fault(str(path), 0, "", found, "a CSV file of incidents")]) from None
    except UnicodeDecodeError as error:
        raise SpecError([Fault(str(path), line, "", str(error), "text in UTF-8")]) from None
    except csv.Error as error:
        raise SpecError([Fault(str(path), line, "", str(error), "a line of CSV")]) from None
    return rows


def _header_faults(path: Path, header: _Row) -> Iterator[Fault]:
    for name in header.cells:
        if name not in COLUMNS:
            nearest = get_close_matches(name.lower(), COLUMNS, n=1)
            expected = f"{nearest[0]!r}" if nearest else f"one of {_listed(COLUMNS)}"
            yield Fault(str(path), header.line, "", f"the column {name!r}", expected)
    for name in COLUMNS:
        count = header.cells.count(name)
        if count > 1:
            yield Fault(str(path), header.line, name, f"the column {count} times", "it once")
        if count == 0 and name in _REQUIRED:
            yield Fault(
                str(path), header.line, name, "no such column", f"all of {_listed(_REQUIRED)}"
            )


def _incident(path: Path, header: _Row, row: _Row) -> Incident | list[Fault]:
    if len(row.cells) != len(header.cells):
        found = f"{len(row.cells)} cells"
        return [Fault(str(path), row.line, "", found, f"{len(header.cells)}, as in the header")]
    cell = dict.fromkeys(COLUMNS, "") | dict(zip(header.cells, row.cells, strict=True))
    faults = [
        Fault(str(path), row.line, column, "nothing", f"the incident's {column}")
        for column in ("id", "kind")
        if not cell[column]
    ]
    start, end = _instant(cell["start"]), _instant(cell["end"])
    for column, instant in (("start", start), ("end", end)):
        if instant is None:
            faults.append(Fault(str(path), row.line, column, _quoted(cell[column]), _INSTANT))
    if start is not None and end is not None and end <= start:
        expected = f"a time after the start, {cell['start']}"
        faults.append(Fault(str(path), row.line, "end", repr(cell["end"]), expected))
    if faults or start is None or end is None:
        return faults
    return Incident(
        name=cell["id"],
        span=Span(start, end),
        kind=cell["kind"],
        service=cell["service"],
        slos=tuple(cell["slo"].split()),
        source=cell["source"],
        notes=cell["notes"],
    )


def _instant(text: str) -> int | None:
    """Unix milliseconds, or None where the text is not a time with a zone."""
    try:
        return to_milliseconds(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _cells(incident: Incident) -> tuple[str, ...]:
    cells = (
        incident.name,
        incident.service,
        " ".join(incident.slos),
        _written(incident.span.start),
        _written(incident.span.end),
        incident.kind,
        incident.source,
        incident.notes,
    )
    # csv does not quote a lone carriage return, and reads it as the end of a line.
    return tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells)


def _written(instant: int) -> str:
    precision = "milliseconds" if instant % 1000 else "seconds"
    return to_datetime(instant).isoformat(timespec=precision).replace("+00:00", "Z")


def _quoted(text: str) -> str:
    return repr(text) if text else "nothing"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
