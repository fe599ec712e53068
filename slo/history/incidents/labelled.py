"""Incidents in slobook's own form, for people and spreadsheets: a line or an object each.

    id,service,slo,start,end,kind,source,notes
    INC-7,support-agent,llm-call-success ticket-success,2026-11-03T14:20:00Z,...

Times are ISO 8601 with a zone; ``slo`` holds names with a space between, or nothing for every
objective of the service. The columns ``service``, ``slo``, ``source`` and ``notes`` may be left
out, and columns may stand in any order. In JSON ``slo`` may be a list.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.model.incident import Incident
from slo.model.span import Span, to_datetime

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from slo.errors import Fault
    from slo.history.incidents.table import Record

COLUMNS = ("id", "service", "slo", "start", "end", "kind", "source", "notes")
REQUIRED = ("id", "start", "end", "kind")


def incident_of(record: Record) -> Incident | list[Fault]:
    """The incident that a record tells of, or what is wrong with it."""
    faults = record.missing(("id", "kind"), "incident")
    span = record.span("start", "end")
    if not isinstance(span, Span):
        return faults + span
    if faults:
        return faults
    return Incident(
        name=record.text("id"),
        span=span,
        kind=record.text("kind"),
        service=record.text("service"),
        slos=slo_names(record),
        source=record.text("source"),
        notes=record.text("notes"),
    )


def slo_names(record: Record) -> tuple[str, ...]:
    """The objectives that a record names."""
    listed = record.values.get("slo")
    if isinstance(listed, list):
        return tuple(str(name) for name in listed)
    return tuple(record.text("slo").split())


def write_incidents(incidents: Iterable[Incident], path: Path) -> None:
    """Write incidents as CSV, in the order given.

    Raises:
        WriteError: The file cannot be written.

    """
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(incident) for incident in incidents)


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
