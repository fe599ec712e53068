"""A shop of one request a second over four weeks, whose every failure is known."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from slo.model.alert import AlertPolicy, BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Incident
from slo.model.indicator import EventRatio
from slo.model.objective import Objective, Period, RollingPeriod
from slo.model.samples import History, series_of
from slo.model.slo import Slo
from slo.model.span import Span, Week
from slo.promql import counter_selector

WEEKS = tuple(Week.parse(f"2026-W{number}") for number in (44, 45, 46, 47))
WEEK = WEEKS[3]
"""The last week of the history, which tests report on."""
SPAN = Span(WEEKS[0].span.start, WEEK.span.end)
STEP = 60_000

SPEC = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 21d, isRolling: true}]
  indicator:
    metadata: {name: requests}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'requests_total{code="500"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: requests_total}}}
  objectives: [{target: 0.99}]
"""
"""Its objective, as it is written in a file."""

PAGE = BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 14.4)
TICKET = BurnRateAlert("ticket-1d", "ticket", DAY, 2 * HOUR, 3.0)


def stretch(day: float, hours: float, week: Week = WEEK) -> Span:
    """A stretch that begins so many days after a week's Monday."""
    start = week.span.start + round(day * DAY)
    return Span(start, start + round(hours * HOUR))


def history(
    *outages: tuple[Span, float], gaps: tuple[Span, ...] = (), span: Span = SPAN
) -> History:
    """One request a second; in an outage a share of them fails; in a gap nobody looks."""
    times = np.arange(span.start, span.end, STEP, dtype=np.int64)
    failing = np.zeros(times.size)
    for during, share in outages:
        failing[(times > during.start) & (times <= during.end)] = share * STEP / 1000
    seen = np.ones(times.size, dtype=bool)
    for gap in gaps:
        seen &= ~((times > gap.start) & (times < gap.end))
    fine = np.cumsum(np.full(times.size, STEP / 1000) - failing)
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times[seen], fine[seen]),
            series_of(
                {"__name__": "requests_total", "code": "500"},
                times[seen],
                np.cumsum(failing)[seen],
            ),
        ),
        span,
        source="a test",
    )


def availability(
    *alerts: BurnRateAlert,
    ratio: str = "0.99",
    period: Period | None = None,
    name: str = "availability",
    **fields: str,
) -> Slo:
    """Requests that do not fail, 99 % of them in three weeks unless told."""
    indicator = EventRatio(
        "bad", counter_selector('requests_total{code="500"}'), counter_selector("requests_total")
    )
    return Slo(
        name,
        "shop",
        indicator,
        Objective(Decimal(ratio)),
        period or RollingPeriod(21 * DAY),
        AlertPolicy(alerts or (PAGE, TICKET)),
        **fields,
    )


def incident(span: Span, name: str = "outage", **fields: str) -> Incident:
    """An incident of the shop."""
    return Incident(name, span, "outage", "shop", **fields)
