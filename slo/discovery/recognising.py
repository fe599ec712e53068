"""Leads to candidates: each asked about its labels, its traffic and its failures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from slo.discovery.bounds import attainable_bound, bound_of, round_up
from slo.discovery.candidate import Candidate, Certainty, Evidence, unit_of
from slo.discovery.failures import failures_among, status_label
from slo.discovery.looking import Amount, total_of
from slo.discovery.services import Owner, name_of, owner_labels, owner_of
from slo.history.listing import label_names
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.selector import METRIC_NAME, Matcher, Selector
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from slo.discovery.looking import Looking
    from slo.discovery.naming import Lead
    from slo.model.indicator import Aggregation, Indicator
    from slo.model.samples import Values

T = TypeVar("T")

_YOUNG = 2
"""Days of which it is asked how much of them has samples."""

_QUEUE_LOOK = "7d:5m"
_OUTCOMES = {"http": "availability", "grpc": "grpc-availability", "outcome": "success"}


def candidates_of(lead: Lead, looking: Looking) -> tuple[Candidate, ...]:
    """What a lead turns out to be, for each service that has it; nothing where it is nothing.

    Raises:
        QueryRefused: The server does not answer, whatever little is asked.
        HistoryError: The server cannot be reached.

    """
    span = Span(looking.end - looking.days * DAY, looking.end)
    labels = label_names(looking.queries.connections, _series_of(lead), span)
    asked = _Asked(lead, looking, labels, owner_labels(labels, lead.known))
    by_kind: dict[str, Callable[[_Asked], Iterator[Candidate]]] = {
        "requests": _requests,
        "latency": _latency,
        "failures": _pair,
        "queue": _queue,
        "probe": _probe,
    }
    return tuple(by_kind[lead.kind](asked))


@dataclass(frozen=True)
class _Asked:
    """A lead, and what is known of its labels."""

    lead: Lead
    looking: Looking
    labels: tuple[str, ...]
    by: tuple[str, ...]

    def growth(
        self, counter: Selector, *also: str
    ) -> tuple[dict[Owner, list[Amount]], dict[Owner, int]]:
        """How a counter grew, by owner, and how many milliseconds were looked at."""
        amounts, column = self.looking.growth(counter, (*self.by, *also))
        grouped = self.by_owner((one.labels, one) for one in amounts)
        over = {
            owner: column * int((~np.isnan(total_of(group))).sum())
            for owner, group in grouped.items()
        }
        if column == DAY and any(length <= _YOUNG * DAY for length in over.values()):
            covered = self.by_owner(self.looking.covered(counter, self.by))
            over = {o: _with_samples(length, covered.get(o, ())) for o, length in over.items()}
        return grouped, over

    def series(self, selector: Selector) -> dict[Owner, int]:
        """How many series there are, by owner."""
        counted = self.by_owner(self.looking.series(selector, self.by))
        return {owner: int(sum(numbers)) for owner, numbers in counted.items()}

    def by_owner(self, rows: Iterable[tuple[dict[str, str], T]]) -> dict[Owner, list[T]]:
        found: dict[Owner, list[T]] = defaultdict(list)
        for labels, value in rows:
            own = {name: labels[name] for name in self.by if name in labels}
            found[owner_of(own, self.lead.known)].append(value)
        return dict(found)

    def candidate(
        self,
        owner: Owner,
        name: str,
        indicator: Indicator,
        evidence: Evidence,
        *,
        certainty: Certainty,
        bad: str,
        by: str = "",
    ) -> Candidate:
        known = self.lead.known
        return Candidate(
            owner=owner,
            name=name,
            indicator=indicator,
            metric=self.lead.metric,
            by=by or (f"{self.lead.metric} of {known.of}" if known else self.lead.metric),
            bad=bad,
            certainty=Certainty.PERHAPS if self.lead.infrastructure else certainty,
            infrastructure=self.lead.infrastructure,
            evidence=evidence,
        )

    @property
    def certainty(self) -> Certainty:
        return Certainty.SURE if self.lead.known else Certainty.LIKELY


def _requests(asked: _Asked) -> Iterator[Candidate]:
    label = status_label(asked.labels)
    if not label:
        return
    counter = _selector(asked.lead, asked.lead.metric)
    grown, over = asked.growth(counter, label)
    series = asked.series(counter) if grown else {}
    for owner, amounts in grown.items():
        total = total_of(amounts)
        busy = [one for one in amounts if np.nansum(one.days) > 0]
        failures = failures_among(label, {one.labels.get(label, "") for one in busy})
        if failures is None:
            continue
        bad = [one for one in amounts if failures.matcher.matches(one.labels.get(label, ""))]
        everything = _owned(counter, owner)
        labels = (label, *(matcher.name for matcher in owner.matchers))
        evidence = Evidence(
            over[owner], total, _part(bad, total), series.get(owner, len(amounts)), labels
        )
        indicator = EventRatio("bad", everything.where(failures.matcher), everything)
        surely = asked.certainty if failures.protocol != "outcome" else Certainty.LIKELY
        name = _OUTCOMES[failures.protocol]
        yield asked.candidate(owner, name, indicator, evidence, certainty=surely, bad=failures.said)


def _latency(asked: _Asked) -> Iterator[Candidate]:
    base = asked.lead.metric
    bucket, count = (_selector(asked.lead, f"{base}_{part}") for part in ("bucket", "count"))
    grown, over = asked.growth(bucket, "le")
    series = asked.series(count) if grown else {}
    for owner, amounts in grown.items():
        by_bound: dict[str, list[Amount]] = defaultdict(list)
        for one in amounts:
            by_bound[one.labels.get("le", "")].append(one)
        total = total_of(by_bound.get("+Inf", amounts[:1]))
        within = {bound: total_of(those) for bound, those in by_bound.items()}
        bound = attainable_bound(within, total)
        if bound is None or "+Inf" not in by_bound:
            continue
        labels = ("le", *(matcher.name for matcher in owner.matchers))
        evidence = Evidence(
            over[owner], total, total - within[bound], series.get(owner, len(amounts)), labels
        )
        indicator = LatencyBuckets(_owned(bucket, owner), bound_of(bound), _owned(count, owner))
        name = "grpc-latency" if base.startswith(("grpc_", "rpc_")) else "latency"
        slow = f"over {indicator.bound} {unit_of(base)}"
        yield asked.candidate(owner, name, indicator, evidence, certainty=asked.certainty, bad=slow)


def _pair(asked: _Asked) -> Iterator[Candidate]:
    whole, failed = (
        _selector(asked.lead, asked.lead.metric),
        _selector(asked.lead, asked.lead.failed),
    )
    grown, over = asked.growth(whole)
    bad, _ = asked.growth(failed)
    series = asked.series(whole) if grown else {}
    for owner, amounts in grown.items():
        total = total_of(amounts)
        part = _part(bad.get(owner, ()), total)
        if owner not in bad or np.nansum(part) > np.nansum(total):
            continue  # they count other things
        labels = tuple(matcher.name for matcher in owner.matchers)
        evidence = Evidence(over[owner], total, part, series.get(owner, len(amounts)), labels)
        indicator = EventRatio("bad", _owned(failed, owner), _owned(whole, owner))
        name = f"{name_of(asked.lead.metric.removesuffix('_total'))}-success"[:63]
        by = f"{asked.lead.metric} and {asked.lead.failed}"
        failed_ones = asked.lead.failed
        yield asked.candidate(
            owner, name, indicator, evidence, certainty=Certainty.LIKELY, bad=failed_ones, by=by
        )


def _queue(asked: _Asked) -> Iterator[Candidate]:
    gauge = _selector(asked.lead, asked.lead.metric)
    together: Aggregation = "max" if asked.lead.is_age else "sum"
    depth = f"{together} by ({', '.join(asked.by)}) ({gauge})"
    high = asked.by_owner(asked.looking.now(f"quantile_over_time(0.99, ({depth})[{_QUEUE_LOOK}])"))
    top = asked.by_owner(asked.looking.now(f"max_over_time(({depth})[{_QUEUE_LOOK}])"))
    covered = asked.by_owner(asked.looking.covered(gauge, asked.by))
    series = asked.series(gauge)
    for owner, values in high.items():
        if len(values) != 1 or not values[0] > 0 or owner not in covered:
            continue  # always empty, or several groups that are one service: nothing to judge by
        bound = round_up(values[0])
        over = _with_samples(_YOUNG * DAY, covered[owner])
        remark = f"99 % of the time at most {values[0]:,.4g}, at most {max(top[owner]):,.4g}"
        labels = tuple(matcher.name for matcher in owner.matchers)
        minutes = np.array([over / MINUTE])
        unknown = np.full(1, np.nan)
        evidence = Evidence(over, minutes, unknown, series.get(owner, 1), labels, remark)
        indicator = TimeSlices(_owned(gauge, owner), together, "<=", bound, MINUTE)
        name, deeper = name_of(asked.lead.metric), f"minutes above {bound:g}"
        yield asked.candidate(
            owner, name, indicator, evidence, certainty=Certainty.PERHAPS, bad=deeper
        )


def _probe(asked: _Asked) -> Iterator[Candidate]:
    gauge = _selector(asked.lead, asked.lead.metric)
    by = tuple(name for name in ("job", "instance") if name in asked.labels)
    grouped = ", ".join(by)
    rows = [
        asked.looking.daily(asked.looking.each_day(f"sum by ({grouped}) ({over}({gauge}[1d]))"))
        for over in ("count_over_time", "sum_over_time")
    ]
    fine = {tuple(sorted(one.labels.items())): one.days for one in rows[1]}
    for one in rows[0]:
        good = fine[tuple(sorted(one.labels.items()))]
        title = one.labels.get("instance", "") or one.labels.get("job", "")
        name = name_of(title.removeprefix("https://").removeprefix("http://"))
        matchers = tuple(
            Matcher(label, "=", one.labels[label]) for label in by if label in one.labels
        )
        owner = Owner(name, title, matchers)
        over = DAY * int((~np.isnan(one.days)).sum())
        evidence = Evidence(over, one.days, one.days - good, 1, by)
        indicator = RawRatio("good", _owned(gauge, owner))
        yield asked.candidate(
            owner,
            "probe",
            indicator,
            evidence,
            certainty=Certainty.SURE,
            bad="probes that fail",
            by="blackbox probes",
        )


def _series_of(lead: Lead) -> Selector:
    return _selector(lead, f"{lead.metric}_bucket" if lead.kind == "latency" else lead.metric)


def _selector(lead: Lead, metric: str) -> Selector:
    also = lead.known.matchers if lead.known else ()
    return Selector((Matcher(METRIC_NAME, "=", metric), *also))


def _owned(selector: Selector, owner: Owner) -> Selector:
    return Selector((*selector.matchers, *owner.matchers))


def _part(amounts: Sequence[Amount], total: Values) -> Values:
    """Growth that is a part of a total: 0 where only the total has samples."""
    some = np.nan_to_num(total_of(amounts)) if amounts else np.zeros(total.size)
    return np.where(np.isnan(total), np.nan, some)


def _with_samples(length: int, covered: Iterable[float]) -> int:
    """How much of what was looked at has samples."""
    known = list(covered)
    return min(length, round(max(known))) if known else min(length, HOUR)
