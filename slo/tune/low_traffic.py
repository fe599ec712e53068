"""What burn-rate alerts can and cannot tell where there is little traffic.

Failures of a healthy service are taken to come by chance, one independent of the other (Poisson,
the binomial of rare failures). A condition on counts in sliding windows begins to hold only at a
failure, so that its beginnings can be counted exactly: they happen at the rate of failures, times
the chance that the windows lack just this one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from slo.card import Listed
from slo.counting import counted
from slo.engine.events import event_counts
from slo.history.contents import required_series
from slo.model.duration import HOUR, WEEK
from slo.model.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slo.engine.events import EventCounts
    from slo.model.alert import BurnRateAlert
    from slo.model.incident import Incident
    from slo.model.samples import History, Values
    from slo.model.slo import Slo
    from slo.model.span import Span

Counts = npt.NDArray[np.int64]

RARELY = 1 / 13
"""So many false calls a week are bearable: one a quarter."""

POWER = 0.9
"""A burn rate can be detected if its outage is seen with this chance."""

_LEAST = 0.0001
"""Below that a chance is none that anybody reckons with."""

_HOURS = 24
_LENGTHS = (2, 3, 4, 6, 12, 24)
_FEWER_NINES = tuple(Decimal(text) for text in ("0.9995", "0.999", "0.995", "0.99", "0.95", "0.9"))


@dataclass(frozen=True)
class AlertOnFewEvents(Listed):
    """What one alert means at a service's traffic.

    Attributes:
        alert: The alert.
        events: Events in the long window of an hour of median traffic.
        failures: Failures in the long window that it takes to call.
        failures_short: Likewise in the short one.
        false_a_week: Calls a week of a service without incidents.
        detectable: The lowest burn rate that is seen with a chance of 90 % once it fills the
            long window; infinite where not even an outage of everything is.
        least_failures: The failures in the short window that it should take, so that a healthy
            service calls once a quarter at most; 0 where it does so rarely as it is.
        longer: How many times longer windows would do the same; 0 where none of those tried.
        fewer_nines: The strictest target at which it would; None where none of those tried.

    """

    alert: BurnRateAlert
    events: float
    failures: int
    failures_short: int
    false_a_week: float
    detectable: float
    least_failures: int
    longer: int
    fewer_nines: Objective | None

    numbers: ClassVar[tuple[str, ...]] = ("events", "failures to call", "false a week")

    @property
    def row(self) -> Mapping[str, str]:
        """What it takes to call, how often chance does, and what is seen."""
        seen = "nothing for sure" if self.detectable == float("inf") else f"{self.detectable:.2g}x"
        return {
            "alert": str(self.alert),
            "events": f"{self.events:,.0f}",
            "failures to call": f"{self.failures:,}",
            "false a week": f"{self.false_a_week:.2g}",
            "sees burn rates from": seen,
            "once a quarter at most with": ways_out(self) if self.fires_by_chance else "",
        }

    @property
    def fires_by_chance(self) -> bool:
        """Whether a healthy service calls more than once a quarter."""
        return self.false_a_week > RARELY

    @property
    def chance_in_a_week(self) -> float:
        """The chance that a healthy service calls within a week."""
        return float(-np.expm1(-self.false_a_week))


def low_traffic(
    slo: Slo, history: History, incidents: Iterable[Incident] = ()
) -> tuple[AlertOnFewEvents, ...]:
    """What each alert of an objective means at the traffic that a history shows.

    ``for`` is left out, as if it were 0: it makes chance calls rarer.

    Args:
        slo: The objective.
        history: Raw samples.
        incidents: What is left out of the healthy error ratio.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required_series(slo, history)
    return on_few_events(slo, event_counts(slo.indicator, history), history.span, incidents)


def on_few_events(
    slo: Slo, counts: EventCounts, span: Span, incidents: Iterable[Incident]
) -> tuple[AlertOnFewEvents, ...]:
    """The same from events that are counted already, over a span."""
    hours, ratio = _healthy(slo, counts, span, incidents)
    return tuple(_meaning(alert, slo.objective, hours, ratio) for alert in slo.policy.alerts)


def few_events(found: AlertOnFewEvents) -> str:
    """What an alert means at a service's traffic, in a sentence or two."""
    said = (
        f"a call stands for {counted(found.failures, 'failure')} of {found.events:,.0f} events; a "
        f"healthy service calls with a chance of {_small(found.chance_in_a_week)} a week; "
    )
    if found.detectable == float("inf"):
        said += "not even an outage of everything is sure to be seen"
    else:
        said += f"burning {found.detectable:.2g} times too fast is seen nine times in ten"
    if not found.fires_by_chance:
        return said
    return f"{said}. Once a quarter at most with {ways_out(found)}"


def ways_out(found: AlertOnFewEvents) -> str:
    """What would let chance call once a quarter at most, each sufficient, in a clause."""
    ways = [f"at least {counted(found.least_failures, 'failure')} in each window"]
    if found.longer:
        ways.append(f"windows {found.longer} times as long")
    if found.fewer_nines:
        ways.append(f"a target of {found.fewer_nines}")
    return ", or ".join(ways)


def _small(chance: float) -> str:
    return f"{100 * chance:.2g} %" if chance >= _LEAST else f"less than {100 * _LEAST:g} %"


def _healthy(
    slo: Slo, counts: EventCounts, span: Span, incidents: Iterable[Incident]
) -> tuple[Values, float]:
    """Events an hour, over the hours of the day from the quietest, and the healthy error ratio."""
    edges = np.arange(span.start, span.end + 1, HOUR, dtype=np.int64)
    bad, total = (np.diff(v) for v in counts.at(edges))
    quiet = np.ones(bad.size, dtype=np.bool_)
    for one in incidents:
        if one.touches(slo.service, slo.name):
            quiet &= (edges[1:] <= one.span.start) | (edges[:-1] >= one.span.end)
    if not total.size:
        # Less than an hour: what there is stands for one.
        (whole_bad,), (whole,) = (np.diff(v) for v in counts.at(np.array([span.start, span.end])))
        an_hour = whole * HOUR / max(1, span.length)
        return np.array([an_hour]), float(whole_bad / whole) if whole else 0.0
    events = total[quiet].sum()
    quantiles = np.quantile(total, (np.arange(_HOURS) + 0.5) / _HOURS)
    return np.asarray(quantiles), float(bad[quiet].sum() / events) if events else 0.0


def _meaning(
    alert: BurnRateAlert, objective: Objective, hours: Values, ratio: float
) -> AlertOnFewEvents:
    threshold = alert.threshold(objective)
    typical = float(np.median(hours))
    events = typical * alert.long / HOUR
    failures, short = _needed(threshold, events), _needed(threshold, typical * alert.short / HOUR)
    false = false_calls_a_week(alert, threshold, hours, ratio)
    often = false > RARELY
    return AlertOnFewEvents(
        alert=alert,
        events=events,
        failures=failures,
        failures_short=short,
        false_a_week=false,
        detectable=_detectable(failures, events, objective),
        least_failures=_least_failures(alert, threshold, hours, ratio) if often else 0,
        longer=_longer(alert, threshold, hours, ratio) if often else 0,
        fewer_nines=_fewer_nines(alert, objective, hours, ratio) if often else None,
    )


def false_calls_a_week(
    alert: BurnRateAlert, threshold: float, hours: Values, ratio: float, least: int = 1
) -> float:
    """How often a week a healthy service's failures come together by chance.

    Args:
        alert: Its windows.
        threshold: The error ratio that must be exceeded.
        hours: Events an hour, at as many times of the week, float64, shape (n,).
        ratio: The healthy error ratio.
        least: Failures in each window that it takes in any case.

    """
    rates = [_beginnings(alert, threshold, float(events), ratio, least) for events in hours]
    return float(np.mean(rates)) * WEEK / HOUR


def _beginnings(
    alert: BurnRateAlert, threshold: float, events: float, ratio: float, least: int
) -> float:
    """How often an hour a condition on counts in two sliding windows begins to hold.

    With S failures in the short window and R in what the long one has beside it, one more makes
    it hold where ``S + 1 >= short and S + R + 1 >= long`` and it did not hold before.
    """
    from scipy.special import gammaln, xlogy  # noqa: PLC0415  where traffic is judged

    failing = events * ratio
    if failing <= 0:
        return 0.0
    short = max(least, _needed(threshold, events * alert.short / HOUR))
    long = max(least, short, _needed(threshold, events * alert.long / HOUR))
    mean = failing * alert.short / HOUR
    rest = failing * (alert.long - alert.short) / HOUR
    counts = np.arange(short - 1, short + int(10 * np.sqrt(mean + 1) + mean) + long)
    chance = np.exp(xlogy(counts, mean) - mean - gammaln(counts + 1))
    after = _at_least(long - 1 - counts, rest)
    before = np.where(counts >= short, _at_least(long - counts, rest), 0.0)
    return float(failing * np.sum(chance * (after - before)))


def _at_least(least: Counts, mean: float) -> Values:
    """The chance of at least so many of a Poisson count."""
    from scipy.special import pdtrc  # noqa: PLC0415  as above

    if mean <= 0:
        return np.where(least <= 0, 1.0, 0.0)
    # pdtrc(k, m) is the chance of more than k.
    more = pdtrc(np.maximum(least - 1, 0), mean)
    return np.where(least <= 0, 1.0, more)


def _needed(threshold: float, events: float) -> int:
    """Failures that exceed a threshold among so many events, on average."""
    return int(np.floor(threshold * events)) + 1


def _detectable(failures: int, events: float, objective: Objective) -> float:
    from scipy.special import gammaincinv  # noqa: PLC0415  as above

    # So many failures must be expected that there are enough with the wanted chance.
    expected = float(gammaincinv(failures, POWER))
    ratio = expected / events if events else np.inf
    return float(ratio / float(objective.error_budget)) if ratio <= 1 else float("inf")


def _least_failures(alert: BurnRateAlert, threshold: float, hours: Values, ratio: float) -> int:
    least = 1
    while false_calls_a_week(alert, threshold, hours, ratio, least) > RARELY:
        least += 1
    return least


def _longer(alert: BurnRateAlert, threshold: float, hours: Values, ratio: float) -> int:
    for times in _LENGTHS:
        other = replace(alert, long=alert.long * times, short=alert.short * times)
        if false_calls_a_week(other, threshold, hours, ratio) <= RARELY:
            return times
    return 0


def _fewer_nines(
    alert: BurnRateAlert, objective: Objective, hours: Values, ratio: float
) -> Objective | None:
    for target in _FEWER_NINES:
        other = Objective(target)
        if target >= objective.ratio or not alert.can_fire(other):
            continue
        if false_calls_a_week(alert, alert.threshold(other), hours, ratio) <= RARELY:
            return other
    return None
