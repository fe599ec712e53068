"""How often the projection of an error budget holds, on simulated services.

Question: an objective of 99 % over 30 days, six weeks of its history, and the 35 days that really
followed. Does the budget cross zero within the interval that was named, and does it stand within
the band a period later? Nine in ten would be right. What is simulated is named in ``PROCESSES``.

    python benchmarks/projection.py               # a table
    python benchmarks/projection.py --histories 50
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from slo.budget import BudgetAccount
from slo.engine.events import EventCounts
from slo.model.alert import AlertPolicy
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.indicator import EventRatio
from slo.model.objective import CalendarPeriod, Objective, Period, RollingPeriod
from slo.model.samples import series_of
from slo.model.slo import Slo
from slo.model.span import Span
from slo.promql import counter_selector
from slo.tune.projection import Projection, projection

if TYPE_CHECKING:
    from collections.abc import Callable

START = 1_760_000_000_000 // DAY * DAY
BUDGET = 0.01
LEARNT, PERIOD = 42, 30
AHEAD = PERIOD + 5
TRAFFIC = np.array([1.15, 1.08, 1.03, 1, 0.95, 0.5, 0.45])
BETWEEN_POINTS = 6 * HOUR


def steady(rng: np.random.Generator, days: int) -> np.ndarray:
    """Hours stray independently around nine tenths of what is allowed."""
    return rng.gamma(5, 1 / 5, 24 * days) * 0.9 * BUDGET


def office_hours(rng: np.random.Generator, days: int) -> np.ndarray:
    """Six times as many errors on weekdays."""
    return steady(rng, days) * np.repeat(np.where(np.arange(days) % 7 < 5, 1.3, 0.2), 24)


def incidents(rng: np.random.Generator, days: int) -> np.ndarray:
    """Two a week, each a twentieth of a period's budget in the mean."""
    return _with_incidents(rng, days, a_day=2 / 7, budget=0.05, hours=2)


def rare_incidents(rng: np.random.Generator, days: int) -> np.ndarray:
    """One in three weeks, each two fifths of a period's budget in the mean."""
    return _with_incidents(rng, days, a_day=1 / 21, budget=0.4, hours=3)


def alike_days(rng: np.random.Generator, days: int) -> np.ndarray:
    """Neighbouring days are much alike: logarithms with a correlation of 0.7."""
    level = np.zeros(days)
    level[0] = rng.normal()
    for day in range(1, days):
        level[day] = 0.7 * level[day - 1] + np.sqrt(1 - 0.7**2) * rng.normal()
    return np.repeat(0.9 * BUDGET * np.exp(level - 0.5), 24)


def changed(rng: np.random.Generator, days: int) -> np.ndarray:
    """On some day errors double for good."""
    ratios = rng.gamma(5, 1 / 5, 24 * days) * 0.6 * BUDGET
    ratios[rng.integers(0, 24 * days) :] *= 2
    return ratios


def _with_incidents(
    rng: np.random.Generator, days: int, *, a_day: float, budget: float, hours: int
) -> np.ndarray:
    ratios = rng.gamma(20, 1 / 20, 24 * days) * 0.3 * BUDGET
    for _ in range(rng.poisson(a_day * days)):
        start, length = rng.integers(0, 24 * days), max(1, rng.poisson(hours))
        ratios[start : start + length] += rng.exponential(budget) * BUDGET * 24 * PERIOD / length
    return np.minimum(ratios, 1)


PROCESSES: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "hours stray independently": steady,
    "six times the errors on weekdays": office_hours,
    "two incidents a week, 5 % each": incidents,
    "an incident in three weeks, 40 % each": rare_incidents,
    "neighbouring days alike (0.7)": alike_days,
    "errors double on some day": changed,
}

ROLLING = RollingPeriod(PERIOD * DAY)
CALENDAR = CalendarPeriod(
    PERIOD, "d", datetime.fromtimestamp((START + (LEARNT - PERIOD // 2) * DAY) / 1000, UTC)
)


def account_of(period: Period, ratios: np.ndarray, rng: np.random.Generator) -> BudgetAccount:
    """An objective's events up to now; its counts also tell what followed."""
    days = ratios.size // 24
    traffic = np.repeat(3600 * TRAFFIC[np.arange(days) % 7], 24)
    traffic = traffic * rng.gamma(200, 1 / 200, traffic.size)
    times = START + HOUR * np.arange(1, 24 * days + 1, dtype=np.int64)
    bad, total = np.cumsum(traffic * ratios), np.cumsum(traffic)
    seen = np.arange(START, START + days * DAY, 5 * MINUTE)
    indicator = EventRatio("bad", counter_selector("bad_total"), counter_selector("all_total"))
    slo = Slo("s", "s", indicator, Objective(1 - Decimal(str(BUDGET))), period, AlertPolicy(()))
    counts = EventCounts(((times, bad),), ((times, total),), good=False)
    known = Span(START, START + LEARNT * DAY)
    return BudgetAccount(slo, counts, known, (), (series_of({}, seen, seen),))


def really(account: BudgetAccount, found: Projection) -> tuple[float, float]:
    """When the budget crossed zero, infinite where it did not, and what was left at the horizon."""
    hours = np.arange(found.times[0] + HOUR, found.horizon, HOUR, dtype=np.int64)
    starts = np.array([account.slo.period.bounds(int(at)).start for at in hours], dtype=np.int64)
    (bad, total), (bad_before, total_before) = account.counts.at(hours), account.counts.at(starts)
    expected = (total - total_before) * (PERIOD * DAY / (hours - starts))
    left = 1 - (bad - bad_before) / (BUDGET * expected)
    beyond = np.flatnonzero(left <= 0 if found.exhausted else left > 0)
    return float(hours[beyond[0]]) if beyond.size else np.inf, float(left[-1])


def held(process: str, period: Period, histories: int) -> tuple[str, str]:
    """Shares of histories in which the instant, and the level at the horizon, was within."""
    instants, levels = [], 0
    for seed in range(histories):
        rng = np.random.default_rng(seed)
        account = account_of(period, PROCESSES[process](rng, LEARNT + AHEAD), rng)
        found = projection(account, account.known.end)
        crossed, level = really(account, found)
        levels += found.low[-1] - 1e-9 <= level <= found.high[-1] + 1e-9
        named = found.exhausted or found.recovered
        if named and not (found.recovered and period is CALENDAR):
            earliest, latest = (
                np.inf if one is None else one for one in (named.earliest, named.latest)
            )
            instants.append(earliest - BETWEEN_POINTS <= crossed <= latest + BETWEEN_POINTS)
    return f"{np.mean(instants):.0%}", f"{levels / histories:.0%}"


def main() -> None:
    """Print a row for each process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=300)
    histories = parser.parse_args().histories
    print(f"{'':40s}{'rolling: day':>14s}{'level':>8s}{'calendar: day':>16s}{'level':>8s}")
    for name in PROCESSES:
        rolling, calendar = (held(name, period, histories) for period in (ROLLING, CALENDAR))
        print(f"{name:40s}{rolling[0]:>14s}{rolling[1]:>8s}{calendar[0]:>16s}{calendar[1]:>8s}")


if __name__ == "__main__":
    main()
