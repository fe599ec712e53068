"""Files of incidents, whoever wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.errors import SpecError
from slo.history.incidents.exports import (
    grafana_incident,
    is_grafana,
    is_pagerduty,
    pagerduty_incident,
)
from slo.history.incidents.labelled import COLUMNS, REQUIRED, incident_of
from slo.history.incidents.table import csv_table, json_records, json_value
from slo.model.incident import Incident

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from slo.errors import Fault
    from slo.history.incidents.table import Record

    Reader = Callable[[Record], Incident | list[Fault] | None]


def read_incidents(
    path: Path, services: Mapping[str, str] | None = None, until: int | None = None
) -> tuple[Incident, ...]:
    """The incidents of a file, in the file's order.

    Slobook's own CSV and JSON, PagerDuty's CSV export and the answer of its API, and Grafana's
    annotations are told apart by their fields.

    Args:
        path: A ``.json`` file, or CSV.
        services: Our names of services by those of other tools; without one a foreign name is
            taken in small letters with dashes.
        until: Where the history ends, in Unix milliseconds: what another tool has not closed yet
            lasts so long; it is a fault if None.

    Raises:
        SpecError: The file cannot be read, or holds faults; says the place of each.

    """
    known = services or {}
    records, reader = (
        _json(path, known, until) if path.suffix.lower() == ".json" else _csv(path, known, until)
    )
    incidents: list[Incident] = []
    faults: list[Fault] = []
    places: dict[str, Record] = {}
    for record in records:
        found = [record.problem] if record.problem else reader(record)
        if isinstance(found, Incident) and found.name in places:
            first = places[found.name]
            where = f"line {first.line}" if first.line else first.prefix.rstrip(".")
            expected = f"a name of its own; {where} has it already"
            found = [record.fault("id", repr(found.name), expected)]
        if isinstance(found, Incident):
            places[found.name] = record
            incidents.append(found)
        else:
            faults += found or []
    if faults:
        raise SpecError(faults)
    return tuple(incidents)


def _csv(
    path: Path, services: Mapping[str, str], until: int | None
) -> tuple[Sequence[Record], Reader]:
    table = csv_table(path, "incidents", COLUMNS)
    if is_pagerduty(table.header):
        return table.records, lambda record: pagerduty_incident(record, services, until)
    table.refuse_columns(COLUMNS, REQUIRED)
    return table.records, incident_of


def _json(
    path: Path, services: Mapping[str, str], until: int | None
) -> tuple[Sequence[Record], Reader]:
    value = json_value(path, "incidents")
    if isinstance(value, dict) and "incidents" in value:
        records = json_records(path, value["incidents"], "incidents")
    else:
        records = json_records(path, value)
    fields = {name for record in records for name in record.values}
    if is_grafana(fields):
        return records, lambda record: grafana_incident(record, services, until)
    if is_pagerduty(fields):
        return records, lambda record: pagerduty_incident(record, services, until)
    return records, incident_of
