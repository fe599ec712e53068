"""A project whose every number can be worked out by hand, on the disk as people write it.

Four weeks, 2026-W44 to W47; reports are of the last, 16 to 22 November 2026.

**The shop** answers a request a second, counted every minute. It promises 99 % over 28 days, which
are exactly the history. A failing minute fails a number of its 60 requests:

====================  ==============================  ===============  ==========  =========
what                  when                            failing minutes  bad of 60   bad
====================  ==============================  ===============  ==========  =========
deploy (last week)    Tue 10 November 10:00 to 10:15  15               30          450
outage                Wed 18 November 00:00 to 01:00  60               30          1,800
outside of any        Thu 19 November 12:00 to 12:07  7                9           63
leak                  Fri 20 November 06:00 to 21:00  900              5           4,500
drill (excluded)      Sun 22 November 12:00 to 14:00  120              20          2,400
====================  ==============================  ===============  ==========  =========

**The agent** finishes tickets and calls models, counted every five minutes, as much in each of
them. A day of the first three weeks, and of the reported week:

==========================  =========================  ===============================
what                        a day of W44, W45, W46     a day of W47
==========================  =========================  ===============================
tickets billing, resolved   50                         60
tickets account, resolved   30                         36
tickets account, escalated  20                         24
large: calls                200                        240
large: tokens in, out       1,000,000 and 250,000      the same
large: list price in, out   4 and 16 dollars a million the same; 4 + 4 dollars a day
small: calls                0                          60
small: tokens in, out       0                          500,000 and 250,000
small: list price in, out   1 and 4 dollars a million  the same; 0.50 + 1 dollars a day
billing's part of the cost  4                          4.75 at list price
compute                     2                          3
==========================  =========================  ===============================

By contract the large model's input costs 3 dollars from Monday 16 November on. A desk costs 300
dollars a month from 1 November on, a person 5 dollars a ticket, 8 for one about billing.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from slo.history.snapshot import write_snapshot
from slo.model.duration import DAY, MINUTE
from slo.model.samples import History, Series, series_of
from slo.model.span import Span, Week

FIRST, WEEK = Week(2026, 44), Week(2026, 47)
SPAN = Span(FIRST.span.start, WEEK.span.end)
REPORTS = "https://reports.example.com"

FAILING = (
    ("2026-11-10T10:00Z", 15, 30),
    ("2026-11-18T00:00Z", 60, 30),
    ("2026-11-19T12:00Z", 7, 9),
    ("2026-11-20T06:00Z", 900, 5),
    ("2026-11-22T12:00Z", 120, 20),
)

SHOP = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability, displayName: Availability}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 28d, isRolling: true}]
  indicator:
    metadata: {name: requests}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'requests_total{code="500"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: requests_total}}}
  objectives: [{target: 0.99}]
  alertPolicies: [{alertPolicyRef: page-1h}, {alertPolicyRef: ticket-1d}]
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: page-1h}
spec:
  conditions:
    - kind: AlertCondition
      metadata: {name: burning-14-times-too-fast, annotations: {slobook/short-window: 5m}}
      spec:
        severity: page
        condition: {kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 0m}
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: ticket-1d}
spec:
  conditions:
    - kind: AlertCondition
      metadata: {name: burning-3-times-too-fast, annotations: {slobook/short-window: 2h}}
      spec:
        severity: ticket
        condition: {kind: burnrate, op: gt, threshold: 3, lookbackWindow: 1d, alertAfter: 0m}
---
apiVersion: slobook/v1
kind: ErrorBudgetPolicy
metadata: {name: shop-policy}
spec:
  service: shop
  kept: Release as planned.
  spent: Freeze releases ${until}.
  incident: {budgetSpentAbove: 0.15, action: Write a postmortem.}
"""

AGENT = """\
apiVersion: slobook/v1
kind: CostBudget
metadata: {name: llm-cost, displayName: LLM cost}
spec:
  service: agent
  cost: support_agent_llm_cost_usd_total
  usd: 300
  timeWindow: [{duration: 28d, isRolling: true}]
  alerts: []
---
apiVersion: slobook/v1
kind: CostBudget
metadata: {name: running-cost, displayName: Running cost}
spec:
  service: agent
  cost: support_agent_service_cost_usd_total
  usd: 100
  timeWindow: [{duration: 28d, isRolling: true}]
  alerts: []
---
apiVersion: slobook/v1
kind: CostModel
metadata: {name: agent-costs, displayName: Costs of the agent}
spec:
  service: agent
  owner: finance
  fixed:
    - {name: desk, usdPerMonth: 300, from: 2026-11-01}
  categories:
    - {category: billing, usd: 120}
  humanTicket: {usd: 5, categories: {billing: 8}}
  prices:
    - {provider: acme, model: large, tokenType: input, usdPerMillion: 3, from: 2026-11-16}
"""

INCIDENTS = """\
id,service,slo,start,end,kind
deploy,shop,,2026-11-10T10:00:00Z,2026-11-10T10:15:00Z,deployment
outage,shop,,2026-11-18T00:00:00Z,2026-11-18T01:00:00Z,outage
leak,shop,,2026-11-20T06:00:00Z,2026-11-20T21:00:00Z,slow leak
"""

EXCLUSIONS = """\
id,service,slo,start,end,author,reason
drill,shop,,2026-11-22T12:00:00Z,2026-11-22T14:00:00Z,kim,rehearsed
"""

CONFIGURATION = f"""\
[project]
specs = ["specs"]

[history]
snapshot = "history/snapshot.parquet"
incidents = "history/incidents.csv"

[links]
reports = "{REPORTS}"
"""


def write_project(root: Path) -> Path:
    """Everything that ``slo report`` reads; the configuration's path."""
    files = {
        "specs/shop.yaml": SHOP,
        "specs/agent.yaml": AGENT,
        "history/incidents.csv": INCIDENTS,
        "history/exclusions.csv": EXCLUSIONS,
        "slobook.toml": CONFIGURATION,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    series = (*shop(), *agent())
    write_snapshot(History(series, SPAN), root / "history/snapshot.parquet")
    return root / "slobook.toml"


def shop() -> tuple[Series, Series]:
    """A sample every minute, the first before any request."""
    minutes = SPAN.length // MINUTE
    bad = np.zeros(minutes, dtype=np.int64)
    for start, lasts, failing in FAILING:
        first = int(np.datetime64(start.rstrip("Z"), "ms").astype(np.int64) - SPAN.start) // MINUTE
        bad[first : first + lasts] = failing
    times = SPAN.start + MINUTE * np.arange(minutes + 1)
    return tuple(
        series_of(
            {"__name__": "requests_total", "code": code},
            times,
            np.concatenate(([0], np.cumsum(grown))),
        )
        for code, grown in (("200", 60 - bad), ("500", bad))
    )


def agent() -> tuple[Series, ...]:
    """Counters that grow evenly, by so much a day before the reported week and in it."""
    large, small = {"provider": "acme", "model": "large"}, {"provider": "acme", "model": "small"}
    billing, account = {"category": "billing"}, {"category": "account"}
    resolved, escalated = {"outcome": "resolved"}, {"outcome": "escalated"}
    counted = (
        ("tickets_processed_total", {**billing, **resolved}, 50, 60),
        ("tickets_processed_total", {**account, **resolved}, 30, 36),
        ("tickets_processed_total", {**account, **escalated}, 20, 24),
        ("llm_requests_total", large, 200, 240),
        ("llm_requests_total", small, 0, 60),
        ("llm_tokens_total", {**large, "token_type": "input"}, 1_000_000, 1_000_000),
        ("llm_tokens_total", {**large, "token_type": "output"}, 250_000, 250_000),
        ("llm_tokens_total", {**small, "token_type": "input"}, 0, 500_000),
        ("llm_tokens_total", {**small, "token_type": "output"}, 0, 250_000),
        ("llm_cost_usd_total", {**large, "token_type": "input"}, 4.0, 4.0),
        ("llm_cost_usd_total", {**large, "token_type": "output"}, 4.0, 4.0),
        ("llm_cost_usd_total", {**small, "token_type": "input"}, 0.0, 0.5),
        ("llm_cost_usd_total", {**small, "token_type": "output"}, 0.0, 1.0),
        ("ticket_llm_cost_usd_sum", billing, 4.0, 4.75),
        ("service_cost_usd_total", {"service": "compute"}, 2.0, 3.0),
    )
    prices = ((large, "input", 4), (large, "output", 16), (small, "input", 1), (small, "output", 4))
    return (
        *(_counter(name, labels, before, now) for name, labels, before, now in counted),
        *(_price({**labels, "token_type": kind}, dollars) for labels, kind, dollars in prices),
    )


_A_DAY = DAY // (5 * MINUTE)
_TIMES = SPAN.start + 5 * MINUTE * np.arange(28 * _A_DAY + 1)


def _counter(name: str, labels: dict[str, str], before: float, now: float) -> Series:
    """Exact at every midnight: a day's amount is spread between two of them."""
    midnights = np.concatenate(([0.0], np.cumsum([before] * 21 + [now] * 7)))
    inside = [np.linspace(a, b, _A_DAY, endpoint=False) for a, b in pairwise(midnights)]
    values = np.concatenate((*inside, midnights[-1:]))
    return series_of({"__name__": f"support_agent_{name}", **labels}, _TIMES, values)


def _price(labels: dict[str, str], dollars: float) -> Series:
    name = "support_agent_llm_price_usd_per_million_tokens"
    return series_of({"__name__": name, **labels}, _TIMES, np.full(_TIMES.size, dollars))


def command(configuration: Path, *arguments: str) -> list[str]:
    """``slo report`` of the week."""
    slo = str(Path(sys.executable).parent / "slo")
    week = ("--week", str(WEEK), "--config", str(configuration))
    return [slo, "report", *week, *arguments]
