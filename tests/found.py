"""Candidates as a discovery would find them, for tests that ask no server."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from slo.discovery import Candidate, Certainty, Discovery, Evidence, Promise
from slo.discovery.services import Owner
from slo.model.alert import workbook_policy
from slo.model.duration import DAY, MINUTE
from slo.model.indicator import EventRatio, Indicator, LatencyBuckets, RawRatio, TimeSlices
from slo.model.objective import Objective, RollingPeriod
from slo.model.selector import METRIC_NAME, Matcher, Selector
from slo.model.slo import Slo
from slo.model.span import Span

SPAN = Span(1_790_000_000_000, 1_790_000_000_000 + 14 * DAY)


def selector(metric: str, *matchers: Matcher) -> Selector:
    """The series of a metric."""
    return Selector((Matcher(METRIC_NAME, "=", metric), *matchers))


def indicators(*matchers: Matcher) -> tuple[Indicator, ...]:
    """An indicator of every kind that is found, over series with these labels."""
    requests, failed = selector("requests_total", *matchers), selector("failed_total", *matchers)
    bucket, count = selector("d_seconds_bucket", *matchers), selector("d_seconds_count", *matchers)
    gauge = selector("queue_depth", *matchers)
    return (
        EventRatio("bad", failed, requests),
        LatencyBuckets(bucket, "0.5", count),
        LatencyBuckets(bucket, "5", count),
        TimeSlices(gauge, "sum", "<=", 50.0, MINUTE),
        TimeSlices(gauge, "max", "<=", 0.5, MINUTE),
        RawRatio("good", gauge),
    )


def candidate(
    indicator: Indicator | None = None, *, a_day: float = 10_000, **fields: Any
) -> Candidate:
    """A candidate of the shop, one event in a thousand of which is bad."""
    total = np.full(14, float(a_day))
    evidence = Evidence(14 * DAY, total, total / 1000, 2, ("job",))
    given = {
        "owner": Owner("shop", "shop", ()),
        "name": "availability",
        "metric": "requests_total",
        "by": "requests_total",
        "bad": "code 5xx",
        "certainty": Certainty.SURE,
        "infrastructure": False,
        "evidence": evidence,
        **fields,
    }
    return Candidate(indicator=indicator or indicators()[0], **given)


def promised(one: Candidate, target: str = "0.999", **fields: Any) -> Promise:
    """What is promised of a candidate."""
    objective, period = Objective(Decimal(target)), RollingPeriod(30 * DAY)
    slo = Slo(
        one.name,
        one.service,
        one.indicator,
        objective,
        period,
        workbook_policy(objective, period),
    )
    given = {"reason": "a reason", "warnings": (), "provisional": False, "period_reason": ""}
    return Promise(one, slo, **{**given, **fields})


def discovery(*candidates: Candidate, **fields: Any) -> Discovery:
    """What a server holds."""
    given = {"url": "http://prometheus.test", "version": "2.42.0", "span": SPAN, "metrics": 7}
    return Discovery(candidates=candidates, **{**given, **fields})
