"""Incidents that other tools exported: PagerDuty's lists and Grafana's annotations."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slo.model.incident import Incident
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from slo.errors import Fault
    from slo.history.incidents.table import Record

INCIDENT_TAG = "incident"
"""The tag that makes a Grafana annotation an incident; ``service:`` and ``slo:`` tags say whose."""

_PAGERDUTY = {
    "start": ("created_on", "created_at"),
    "end": ("resolved_on", "resolved_at"),
    "name": ("incident_number", "id", "incident_id"),
    "notes": ("description", "title", "summary"),
    "service": ("service_name", "service"),
}


def is_pagerduty(names: Iterable[str]) -> bool:
    """Whether fields are those of PagerDuty's incidents, as CSV or from its API."""
    present = {_plain(name) for name in names}
    return bool(present & set(_PAGERDUTY["start"])) and bool(present & set(_PAGERDUTY["service"]))


def pagerduty_incident(
    record: Record, services: Mapping[str, str], until: int | None
) -> Incident | list[Fault]:
    """An incident of PagerDuty's; one that is not resolved lasts to the end of the history.

    Args:
        record: A row of the CSV export, or an object of ``GET /incidents``.
        services: Our names by PagerDuty's.
        until: Where the history ends, in Unix milliseconds.

    """
    values = {_plain(name): value for name, value in record.values.items()}
    plain = replace(record, values={name: _summary(value) for name, value in values.items()})
    start, end = _first(values, "start"), _first(values, "end")
    if not plain.text(end) and plain.text("status") == "resolved":
        end = "last_status_change_at"
    name = plain.text(_first(values, "name"))
    faults = [] if name else [record.fault("incident_number", "nothing", "the incident's number")]
    span = plain.span(start, end, until)
    if not isinstance(span, Span):
        return faults + span
    if faults:
        return faults
    service = plain.text(_first(values, "service"))
    return Incident(
        name=f"PD-{name}",
        span=span,
        kind=plain.text("urgency") or "incident",
        service=services.get(service, _slug(service)),
        source="PagerDuty" if plain.text(end) else "PagerDuty, not resolved yet",
        notes=plain.text(_first(values, "notes")),
    )


def is_grafana(names: Iterable[str]) -> bool:
    """Whether fields are those of Grafana's annotations."""
    return {"time", "tags", "text"} <= set(names)


def grafana_incident(
    record: Record, services: Mapping[str, str], until: int | None
) -> Incident | list[Fault] | None:
    """An annotation with the tag ``incident``; None of another one.

    Args:
        record: An object of ``GET /api/annotations``.
        services: Our names by those of the ``service:`` tags.
        until: Where an annotation ends that is still going on, in Unix milliseconds.

    """
    tags = record.values.get("tags")
    if not isinstance(tags, list) or INCIDENT_TAG not in tags:
        return None
    start, end = record.values.get("time"), record.values.get("timeEnd") or until
    for name, value in (("time", start), ("timeEnd", end)):
        if not isinstance(value, int):
            return [record.fault(name, repr(value), "Unix milliseconds")]
    if not isinstance(start, int) or not isinstance(end, int) or end <= start:
        expected = "a region: an incident has a beginning and, later, an end"
        return [record.fault("timeEnd", f"the point in time {start}", expected)]
    service = _tagged(tags, "service")
    return Incident(
        name=f"annotation-{record.text('id')}",
        span=Span(start, end),
        kind=next(
            (str(tag) for tag in tags if ":" not in str(tag) and tag != INCIDENT_TAG), "incident"
        ),
        service=services.get(service[0], service[0]) if service else "",
        slos=_tagged(tags, "slo"),
        source="Grafana",
        notes=" ".join(record.text("text").split()),
    )


def _kinds(tags: Sequence[Any]) -> Iterator[str]:
    return (str(tag) for tag in tags if ":" not in str(tag) and tag != INCIDENT_TAG)


def _tagged(tags: Sequence[Any], name: str) -> tuple[str, ...]:
    return tuple(
        str(tag).removeprefix(f"{name}:") for tag in tags if str(tag).startswith(f"{name}:")
    )


def _first(values: Mapping[str, Any], meaning: str) -> str:
    """The field that holds a meaning, or its usual name where none does."""
    names = _PAGERDUTY[meaning]
    return next((name for name in names if name in values), names[0])


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower())


def _summary(value: Any) -> Any:  # noqa: ANN401  whatever JSON can hold
    """References of PagerDuty's API are objects with a summary."""
    return value.get("summary") if isinstance(value, dict) else value


def _slug(name: str) -> str:
    """The name that a service most probably has here."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
