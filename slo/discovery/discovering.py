"""Looks at what a Prometheus holds, and names what objectives could be made of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from slo.counting import counted
from slo.discovery.candidate import Discovery
from slo.discovery.looking import MOST_DAYS, Looking
from slo.discovery.naming import has_agent, leads_in
from slo.discovery.recognising import candidates_of
from slo.discovery.services import name_of
from slo.discovery.spec_text import can_be_written
from slo.errors import HistoryError, NotEnoughData
from slo.history.connection import Connections, server_version
from slo.history.listing import metric_listing
from slo.history.queries import Queries, QueryRefused
from slo.model.duration import DAY
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from slo.discovery.candidate import Candidate
    from slo.discovery.naming import Lead
    from slo.discovery.services import Owner
    from slo.history.connection import PrometheusServer
    from slo.history.listing import Listing

MOST_LEADS = 60
"""Metrics that a server is asked about."""

_PATIENCE = 30.0
"""Seconds that one question may take."""

_AGENT = "support_agent_tickets_processed_total"


def discover(
    server: PrometheusServer,
    end: int,
    days: int = MOST_DAYS,
    advance: Callable[[int, int], None] | None = None,
) -> Discovery:
    """What a server holds that objectives can be made of.

    Args:
        server: Where to ask; nothing is changed there.
        end: Up to when, in Unix milliseconds.
        days: How many days back; evidence comes from the last 14 at most.
        advance: Called with the metrics that were asked about, and all of them.

    Raises:
        ConfigError: An environment variable that the server names is not set.
        NotEnoughData: The server holds no metrics.
        HistoryError: It cannot be reached, refuses, is no Prometheus, or answers nothing.

    """
    patient = replace(
        server, timeout=min(server.timeout, _PATIENCE), retries=min(server.retries, 1)
    )
    looked = max(1, min(days, MOST_DAYS))
    span = Span(end - looked * DAY, end)
    with Connections(patient) as connections:
        version = server_version(patient)
        listing = metric_listing(connections, span)
        if not listing.names:
            raise NotEnoughData(
                f"{server.shown_url} holds no metrics of the last {counted(looked, 'day')}: does "
                "it scrape anything? Its page /targets tells"
            )
        leads = leads_in(listing.names, listing.kinds)
        looking = Looking(Queries(connections), end, looked)
        found, failed = _asked(leads[:MOST_LEADS], looking, patient.parallel, advance)
        agent = _agent_labels(looking) if has_agent(listing.names) else None
    writable = [one for one in found if can_be_written(one)]
    notes = (
        *_notes(listing, leads, failed),
        *((_HOSTILE.format(len(found) - len(writable)),) if len(writable) < len(found) else ()),
    )
    ordered = sorted(told_apart(writable), key=lambda one: (one.service, *one.order, one.metric))
    return Discovery(
        url=server.shown_url,
        version=version,
        span=span,
        metrics=len(listing.names),
        candidates=_named_once(ordered),
        agent=agent,
        notes=notes,
    )


_HOSTILE = "{} candidates are left out: their labels hold what PromQL cannot be written of"


def _asked(
    leads: Sequence[Lead],
    looking: Looking,
    parallel: int,
    advance: Callable[[int, int], None] | None,
) -> tuple[list[Candidate], list[tuple[Lead, HistoryError]]]:
    """Candidates of all leads, and the leads that the server did not answer for."""
    found: list[Candidate] = []
    failed: list[tuple[Lead, HistoryError]] = []
    with ThreadPoolExecutor(parallel) as pool:
        answers = pool.map(lambda lead: _attempt(lead, looking), leads)
        for done, (lead, answer) in enumerate(zip(leads, answers, strict=True), start=1):
            if isinstance(answer, HistoryError):
                failed.append((lead, answer))
            else:
                found.extend(one for one in answer if one.evidence.events_a_day > 0)
            if advance:
                advance(done, len(leads))
    if failed and len(failed) == len(leads):
        raise failed[0][1]
    return found, failed


def _attempt(lead: Lead, looking: Looking) -> tuple[Candidate, ...] | HistoryError:
    """One metric that is too large must not hide all others."""
    try:
        return candidates_of(lead, looking)
    except HistoryError as error:
        return error


def _agent_labels(looking: Looking) -> dict[str, str]:
    """The labels of the busiest agent; empty where nothing tells."""
    try:
        rows = looking.now(f"count by (namespace, job) (last_over_time({_AGENT}[1d]))")
    except QueryRefused:
        return {}
    return max(rows, key=lambda row: row[1])[0] if rows else {}


def _notes(
    listing: Listing, leads: Sequence[Lead], failed: Sequence[tuple[Lead, HistoryError]]
) -> tuple[str, ...]:
    told = []
    if not listing.kinds:
        told.append("the server tells no types of metrics: they are taken from the names")
    if not listing.complete:
        told.append(f"only the first {len(listing.names):,} names of metrics were looked at")
    if len(leads) > MOST_LEADS:
        left = ", ".join(lead.metric for lead in leads[MOST_LEADS : MOST_LEADS + 3])
        were = counted(len(leads) - MOST_LEADS, "metric was", "metrics were")
        told.append(f"{were} not asked about: {left} ...")
    told += [f"{lead.metric} was left out: {error}" for lead, error in failed]
    return tuple(told)


def told_apart(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The same candidates; services of one name in several namespaces get names of their own."""
    found = list(candidates)
    places: dict[str, set[str]] = {}
    for one in found:
        places.setdefault(one.owner.name, set()).add(_namespace(one.owner))
    return [
        replace(one, owner=replace(one.owner, name=_with_namespace(one.owner)))
        if len(places[one.owner.name] - {""}) > 1 and _namespace(one.owner)
        else one
        for one in found
    ]


def _namespace(owner: Owner) -> str:
    return next((m.value for m in owner.matchers if "namespace" in m.name), "")


def _with_namespace(owner: Owner) -> str:
    return name_of(f"{owner.name[:31]}-{name_of(_namespace(owner))[:31]}")


def _named_once(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates in their order; of several with one name, all but the first add their metric."""
    taken: set[tuple[str, str]] = set()
    named = []
    for one in candidates:
        name = one.name
        number = 1
        while (one.service, name) in taken:
            extra = name_of(one.metric)[: 55 - len(one.name)].strip("-")
            name = f"{one.name}--{extra}" + (f"-{number}" if number > 1 else "")
            number += 1
        taken.add((one.service, name))
        named.append(replace(one, name=name))
    return tuple(named)
