"""What is not to be judged: maintenance windows and corrections, each with author and reason.

id,service,slo,start,end,author,reason
move-4,support-agent,,2026-11-07T22:00:00Z,2026-11-08T02:00:00Z,kim,planned move of the database
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.errors import SpecError
from slo.history.incidents.labelled import slo_names
from slo.history.incidents.table import csv_table, json_records, json_value
from slo.model.incident import Exclusion
from slo.model.span import Span

if TYPE_CHECKING:
    from pathlib import Path

    from slo.errors import Fault
    from slo.history.incidents.table import Record

_COLUMNS = ("id", "service", "slo", "start", "end", "author", "reason")
_REQUIRED = ("id", "start", "end", "author", "reason")


def read_exclusions(path: Path) -> tuple[Exclusion, ...]:
    """The exclusions of a CSV file, or of a JSON list with the same fields.

    Raises:
        SpecError: The file cannot be read, or holds faults; says the place of each. One without
            an author or a reason is refused: nobody could say later why it does not count.

    """
    if path.suffix.lower() == ".json":
        records = json_records(path, json_value(path, "exclusions"))
    else:
        table = csv_table(path, "exclusions", _COLUMNS)
        table.refuse_columns(_COLUMNS, _REQUIRED)
        records = table.records
    read = [_exclusion(record) for record in records]
    faults = [fault for one in read if not isinstance(one, Exclusion) for fault in one]
    if faults:
        raise SpecError(faults)
    return tuple(one for one in read if isinstance(one, Exclusion))


def _exclusion(record: Record) -> Exclusion | list[Fault]:
    if record.problem:
        return [record.problem]
    faults = record.missing(("id", "author", "reason"), "exclusion")
    span = record.span("start", "end")
    if not isinstance(span, Span):
        return faults + span
    if faults:
        return faults
    return Exclusion(
        name=record.text("id"),
        span=span,
        author=record.text("author"),
        reason=record.text("reason"),
        service=record.text("service"),
        slos=slo_names(record),
    )
